package antiphon.engines.chat;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.item.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One message of the assistant while it is put together, and the outputs of its calls. */
final class AssistantMessage {

  private final @Nullable String reasoningField;
  private final CallIds callIds;
  private final OpaqueState state = new OpaqueState();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<ContentPart> said = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  /** The ids of the calls as the client knows them. */
  private final List<String> given = new ArrayList<>();

  private final List<Answered> answered = new ArrayList<>();
  private final ArrayNode calls = ChatRequests.array();

  AssistantMessage(ChatSettings settings) {
    this.reasoningField = settings.reasoningField();
    this.callIds = settings.dialect().callIds();
  }

  void think(List<ReasoningText> texts) {
    texts.forEach(text -> reasoning.append(text.text()));
  }

  /** Adds what the engine has sent with this message for itself. */
  void remember(String kept) {
    state.add(kept);
  }

  /** A refusal is said as the text it is: few engines know more of it. Empty texts say nothing. */
  void say(List<ContentPart> parts) {
    for (ContentPart part : parts) {
      String text = ChatParts.text(part);
      if (text == null) {
        said.add(part);
      } else if (!text.isEmpty()) {
        said.add(new InputText(text, Map.of()));
      }
    }
  }

  /** Adds a call, and its output if there is one. */
  void call(String callId, String name, String arguments, @Nullable Item output) {
    call(callId, name, arguments, output == null ? null : ToolOutputs.parts(output));
  }

  /** The same, the output in parts. */
  void call(String callId, String name, String arguments, @Nullable List<ContentPart> output) {
    String id = unique(callId);
    if (output != null) {
      answered.add(new Answered(id, output));
    }
    given.add(callId);
    calls
        .addObject()
        .put("id", id)
        .put("type", "function")
        .putObject("function")
        .put("name", name)
        .put("arguments", arguments);
  }

  /** Of two calls with one id in this message, the second gets another. */
  private String unique(String callId) {
    String id = callIds.of(callId);
    for (int i = 2; !ids.add(id); i++) {
      id = callIds.of(callId + "_" + i);
    }
    return id;
  }

  boolean saidSomething() {
    return !said.isEmpty() || hasCalls();
  }

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  boolean isEmpty() {
    return !saidSomething() && reasoning.isEmpty();
  }

  /** Writes the message, the outputs behind it, and images of the outputs behind these. */
  void write(ArrayNode messages) {
    messages.add(json());
    List<ContentPart> shown = new ArrayList<>();
    for (Answered output : answered) {
      ObjectNode message = messages.addObject().put("role", "tool").put("tool_call_id", output.id);
      message.set("content", ChatParts.content(ToolOutputs.texts(output.parts)));
      shown.addAll(ToolOutputs.media(output.id, output.parts));
    }
    if (!shown.isEmpty()) {
      messages.addObject().put("role", "user").set("content", ChatParts.content(shown));
    }
  }

  private ObjectNode json() {
    ObjectNode message = ChatRequests.object().put("role", "assistant");
    if (reasoningField != null && !reasoning.isEmpty()) {
      message.put(reasoningField, reasoning.toString());
    }
    if (!said.isEmpty()) {
      message.set("content", ChatParts.content(said));
    } else if (hasCalls()) {
      message.putNull("content");
    } else {
      message.put("content", "");
    }
    state.writeMessage(message);
    if (hasCalls()) {
      for (int i = 0; i < calls.size(); i++) {
        state.writeCall(given.get(i), calls.get(i).asObject());
      }
      message.set("tool_calls", calls);
    }
    return message;
  }

  /** The output of a call, by the id that the engine is told. */
  private record Answered(String id, List<ContentPart> parts) {}
}
