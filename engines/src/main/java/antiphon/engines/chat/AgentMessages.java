package antiphon.engines.chat;

import antiphon.protocol.item.Item;
import antiphon.protocol.item.UnknownItem;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Items that codex sends and that are not part of the published API. What one of its agents says to
 * another is told as a message of the user's; the part of it that is named encrypted is so with the
 * vendor's own models alone: of any other model it is what it has said. What an agent thought is
 * its own, and what a server made of a longer conversation is nothing to another.
 */
final class AgentMessages {

  private static final String MESSAGE = "agent_message";
  private static final String THOUGHT = "agent_reasoning";
  private static final String COMPACTION = "context_compaction";

  private AgentMessages() {}

  static boolean is(Item item) {
    return item instanceof UnknownItem
        && switch (item.type()) {
          case MESSAGE, THOUGHT, COMPACTION -> true;
          default -> false;
        };
  }

  /** What the model is told; null for nothing. */
  static @Nullable String text(UnknownItem item) {
    return switch (item.type()) {
      case MESSAGE -> message(item);
      case COMPACTION -> ChatMessages.COMPACTED;
      default -> null;
    };
  }

  private static String message(UnknownItem item) {
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
