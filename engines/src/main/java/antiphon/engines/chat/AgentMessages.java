package antiphon.engines.chat;

import antiphon.protocol.item.Item;
import antiphon.protocol.item.UnknownItem;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one of a client's agents says to another, as codex sends it: not part of the published API.
 * Engines of Chat Completions are told it as a message of the user's. The part that is named
 * encrypted is so with the vendor's own models alone: of any other model it is what it has said.
 */
final class AgentMessages {

  private static final String TYPE = "agent_message";

  private AgentMessages() {}

  static boolean is(Item item) {
    return item instanceof UnknownItem unknown && unknown.type().equals(TYPE);
  }

  /** What the model is told. */
  static String text(UnknownItem item) {
    JsonNode content = item.fields().get("content");
    StringJoiner text = new StringJoiner("\n");
    if (content != null && content.isString()) {
      text.add(content.asString());
    } else if (content != null) {
      for (JsonNode part : content) {
        JsonNode said = part.has("text") ? part.get("text") : part.path("encrypted_content");
        text.add(said.asString(""));
      }
    }
    return "Message from "
        + name(item.fields().get("author"))
        + " to "
        + name(item.fields().get("recipient"))
        + ":\n"
        + text;
  }

  private static String name(@Nullable JsonNode agent) {
    return agent == null ? "an agent" : agent.asString("an agent");
  }
}
