package antiphon.engines.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages as strict templates take them: one system message in front, with all that the system and
 * the developer say in its order, and what is all text as one string.
 */
final class PlainMessages {

  private PlainMessages() {}

  /** The same conversation in that shape. */
  static ArrayNode of(ArrayNode messages) {
    List<String> system = new ArrayList<>();
    ArrayNode rest = ChatRequests.array();
    for (JsonNode message : messages) {
      JsonNode content = message.path("content");
      String text = content.isArray() ? text(content, message) : content.asString("");
      if (text != null && instructs(message)) {
        system.add(text);
      } else {
        if (content.isArray() && text != null) {
          ((ObjectNode) message).put("content", text);
        }
        rest.add(message);
      }
    }
    if (system.isEmpty()) {
      return rest;
    }
    ObjectNode first = ChatRequests.object().put("role", "system");
    ArrayNode plain = ChatRequests.array().add(first.put("content", String.join("\n\n", system)));
    return plain.addAll(rest);
  }

  private static boolean instructs(JsonNode message) {
    String role = message.path("role").asString("");
    return role.equals("system") || role.equals("developer");
  }

  /** The parts as one text; null if one of them is something else. */
  private static @Nullable String text(JsonNode parts, JsonNode message) {
    List<String> texts = new ArrayList<>();
    for (JsonNode part : parts) {
      if (!part.path("type").asString("").equals("text")) {
        return null;
      }
      texts.add(part.path("text").asString(""));
    }
    // What the assistant said goes on where the part before ended.
    boolean said = message.path("role").asString("").equals("assistant");
    return String.join(said ? "" : "\n", texts);
  }
}
