package antiphon.engines.chat;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One message of the assistant while it is put together. */
final class AssistantMessage {

  private final @Nullable String reasoningField;
  private final StringBuilder reasoning = new StringBuilder();
  private final List<ContentPart> said = new ArrayList<>();
  private final StringBuilder refusal = new StringBuilder();
  private final List<String> callIds = new ArrayList<>();
  private final ArrayNode calls = ChatRequests.array();

  AssistantMessage(@Nullable String reasoningField) {
    this.reasoningField = reasoningField;
  }

  void think(List<ReasoningText> texts) {
    texts.forEach(text -> reasoning.append(text.text()));
  }

  void say(List<ContentPart> parts) {
    for (ContentPart part : parts) {
      if (part instanceof Refusal refused) {
        refusal.append(refused.refusal());
      } else {
        said.add(part);
      }
    }
  }

  void call(String callId, String name, String arguments) {
    callIds.add(callId);
    calls
        .addObject()
        .put("id", callId)
        .put("type", "function")
        .putObject("function")
        .put("name", name)
        .put("arguments", arguments);
  }

  boolean saidSomething() {
    return !said.isEmpty() || !refusal.isEmpty() || hasCalls();
  }

  boolean hasCalls() {
    return !callIds.isEmpty();
  }

  boolean isEmpty() {
    return !saidSomething() && reasoning.isEmpty();
  }

  List<String> callIds() {
    return callIds;
  }

  ObjectNode json() {
    ObjectNode message = ChatRequests.object().put("role", "assistant");
    if (reasoningField != null && !reasoning.isEmpty()) {
      message.put(reasoningField, reasoning.toString());
    }
    if (!said.isEmpty()) {
      message.set("content", ChatParts.content(said));
    } else if (hasCalls() || !refusal.isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", "");
    }
    if (!refusal.isEmpty()) {
      message.put("refusal", refusal.toString());
    }
    if (hasCalls()) {
      message.set("tool_calls", calls);
    }
    return message;
  }
}
