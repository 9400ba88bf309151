package antiphon.core.step;

import antiphon.core.engine.Plan;
import antiphon.core.log.LiveLog;
import antiphon.core.trace.TraceParent;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.ServiceTier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response that is to run on this node.
 *
 * @param log where its events go
 * @param request the request with all defaults
 * @param plan who serves it, and who in its place
 * @param conversation everything before its output: the chain and its own input
 * @param estimatedInput tokens in the conversation, roughly, for a usage that no engine told
 * @param trace that it was made in, or null
 */
public record Run(
    LiveLog log,
    CreateResponse request,
    Plan plan,
    List<Item> conversation,
    int estimatedInput,
    @Nullable TraceParent trace) {

  /** The tier it waits in. */
  ServiceTier tier() {
    AskedTier asked = request.serviceTier();
    return asked == null ? ServiceTier.AUTO : asked.tier();
  }
}
