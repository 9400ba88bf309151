package antiphon.http.resource;

import antiphon.protocol.json.Json;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client of a WebSocket says to a response while that runs; the next response gets it.
 *
 * @param id of the submission
 * @param previous the response it was said to
 * @param input as it came, to be given back if it comes to nothing
 * @param messages the same as input items
 * @param told is open once the client knows that it was accepted
 * @param done is run when nothing of it is held any more
 */
record Steer(
    String id,
    String previous,
    JsonNode input,
    ArrayNode messages,
    CountDownLatch told,
    Runnable done) {

  private static final int MOST_MESSAGES = 16;
  private static final Set<String> FIELDS = Set.of("type", "previous_response_id", "input");
  private static final Set<String> MESSAGE_FIELDS = Set.of("type", "role", "content");
  private static final Set<String> PARTS = Set.of("input_text", "input_image", "input_file");

  /** Something that cannot be accepted. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1;

    Invalid(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Reads a message of the type {@code response.steer}.
   *
   * @param done is run when nothing of it is held any more
   * @throws Invalid saying what is wrong with its input
   */
  static Steer read(String id, ObjectNode event, Runnable done) throws Invalid {
    for (String field : event.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw new Invalid("'" + shown(field) + "' is not for 'response.steer'.");
      }
    }
    JsonNode input = event.path("input");
    return new Steer(
        id,
        event.path("previous_response_id").asString(""),
        input,
        messages(input),
        new CountDownLatch(1),
        done);
  }

  private static ArrayNode messages(JsonNode input) throws Invalid {
    ArrayNode messages = Json.mapper().createArrayNode();
    if (input.isString() && !input.asString().isEmpty()) {
      messages.addObject().put("role", "user").put("content", input.asString());
      return messages;
    }
    if (!input.isArray() || input.isEmpty() || input.size() > MOST_MESSAGES) {
      throw new Invalid(
          "'input' must be a text, or a list of 1 to " + MOST_MESSAGES + " messages.");
    }
    for (int i = 0; i < input.size(); i++) {
      String wrong = wrong(input.get(i));
      if (wrong != null) {
        throw new Invalid("'input[" + i + "]' " + wrong);
      }
      messages.add(input.get(i));
    }
    return messages;
  }

  private static @Nullable String wrong(JsonNode message) {
    if (!message.isObject() || !message.path("role").asString("").equals("user")) {
      return "must be a message with the role 'user'.";
    }
    for (String field : message.propertyNames()) {
      if (!MESSAGE_FIELDS.contains(field)) {
        return "may have 'type', 'role' and 'content' alone.";
      }
    }
    if (!message.path("type").asString("message").equals("message")) {
      return "must be of the type 'message'.";
    }
    JsonNode content = message.path("content");
    boolean parts = content.isArray() && !content.isEmpty();
    for (JsonNode part : content) {
      parts &= PARTS.contains(part.path("type").asString(""));
    }
    return parts || content.isString()
        ? null
        : "needs 'content': a text, or parts of 'input_text', 'input_image' or 'input_file'.";
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(64, name.length()));
  }
}
