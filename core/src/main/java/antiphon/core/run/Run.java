package antiphon.core.run;

import antiphon.core.engine.Engines.Route;
import antiphon.core.log.LiveLog;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import java.util.List;

/**
 * A response that is to run on this node.
 *
 * @param log where its events go
 * @param request the request with all defaults
 * @param route who serves it
 * @param conversation everything before its output: the chain and its own input
 * @param estimatedInput tokens in the conversation, roughly, for a usage that no engine told
 */
public record Run(
    LiveLog log,
    CreateResponse request,
    Route route,
    List<Item> conversation,
    int estimatedInput) {}
