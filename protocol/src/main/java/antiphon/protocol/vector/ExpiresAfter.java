package antiphon.protocol.vector;

import antiphon.protocol.json.Required;

/**
 * When a store goes by itself.
 *
 * @param anchor {@code last_active_at}
 * @param days after that
 */
public record ExpiresAfter(@Required String anchor, @Required Integer days) {}
