package antiphon.protocol.vector;

import antiphon.protocol.json.Required;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /vector_stores/{id}/permissions}.
 *
 * @param granteeType {@code user}, which is the default, or {@code team}
 * @param userId for a user alone
 * @param role {@code reader} or {@code writer}
 */
public record GrantPermission(
    @Nullable String granteeType, @Nullable String userId, @Required String role) {}
