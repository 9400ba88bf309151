package antiphon.http.resource;

import antiphon.protocol.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A response that is to be made.
 *
 * @param steers that it answers, beside its own input
 * @param done is run when its body is not held any more
 */
record Asked(ObjectNode body, List<Steer> steers, Runnable done) {

  static final String PREVIOUS = "previous_response_id";

  /** Nothing of it is held any more; may be called again. */
  void release() {
    done.run();
    steers.forEach(steer -> steer.done().run());
  }

  /** Whether more may be said to it while it runs. */
  boolean steerable() {
    JsonNode management = body.path("context_management");
    return !body.hasNonNull("conversation") && !(management.isArray() && !management.isEmpty());
  }

  /** The same, with what was said before it and waits for an answer. */
  Asked answering(List<Steer> owed) {
    if (owed.isEmpty()) {
      return this;
    }
    ArrayNode input = messages(owed);
    input.addAll(RecentResponses.items(body.path("input")));
    body.set("input", input);
    return new Asked(body, owed, done);
  }

  /** The request that goes on from its response with what was said meanwhile. */
  Asked next(String id, List<Steer> said) {
    ObjectNode next = body.deepCopy();
    next.put(PREVIOUS, id);
    next.set("input", messages(said));
    return new Asked(next, List.copyOf(said), this::release);
  }

  /** What was said, as input items. */
  private static ArrayNode messages(List<Steer> steers) {
    ArrayNode messages = Json.mapper().createArrayNode();
    steers.forEach(steer -> messages.addAll(steer.messages()));
    return messages;
  }
}
