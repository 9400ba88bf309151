package antiphon.protocol.item;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A message of any role. */
public record Message(
    @Nullable String id,
    @Nullable ItemStatus status,
    @Required Role role,
    @Required MessageContent content,
    @Nullable Phase phase,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public Message {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "message";
  }

  @Override
  public Message withId(String id) {
    return new Message(id, status, role, content, phase, extra);
  }

  @Override
  public Message withStatus(ItemStatus status) {
    return new Message(id, status, role, content, phase, extra);
  }

  /** A user's message of plain text. */
  public static Message user(String text) {
    return new Message(null, null, Role.USER, MessageContent.of(text), null, Map.of());
  }

  /** An assistant's message. */
  public static Message assistant(String id, List<ContentPart> content, ItemStatus status) {
    return new Message(id, status, Role.ASSISTANT, MessageContent.of(content), null, Map.of());
  }

  /** The same message with these parts. */
  public Message withContent(List<ContentPart> parts) {
    return new Message(id, status, role, MessageContent.of(parts), phase, extra);
  }
}
