package antiphon.core.create;

import antiphon.core.response.Rejected;
import antiphon.protocol.request.CreateResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What comes before a request's own input. */
public sealed interface ContextSource {

  /** The response it follows, with all before that. */
  record Chain(String previous) implements ContextSource {}

  /** A conversation, which input and output join in the end. */
  record Conversation(String id) implements ContextSource {}

  /** Nothing. */
  record Items() implements ContextSource {}

  /**
   * What a request names.
   *
   * @throws Rejected if it names two, or is no id
   */
  static ContextSource of(CreateResponse request) {
    String conversation = conversation(request);
    String previous = request.previousResponseId();
    if (conversation != null && previous != null) {
      throw Rejected.invalid(
          "conversation", "'conversation' and 'previous_response_id' cannot be used together.");
    }
    if (conversation != null) {
      return new Conversation(conversation);
    }
    return previous == null ? new Items() : new Chain(previous);
  }

  /** The id of the conversation that a request names, as a text or an object; null if none. */
  static @Nullable String conversation(CreateResponse request) {
    JsonNode given = request.conversation();
    if (given == null || given.isNull()) {
      return null;
    }
    JsonNode id = given.isObject() ? given.path("id") : given;
    if (!id.isString()) {
      throw Rejected.invalid(
          "conversation",
          "Invalid 'conversation': must be the id of a conversation, or an object with its 'id'.");
    }
    Rules.name(given.isObject() ? "conversation.id" : "conversation", id.asString(), 1, 512);
    return id.asString();
  }
}
