package antiphon.engines.chat;

import antiphon.core.engine.Turn;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.response.Instructions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conversation as messages. What the assistant said and called in a row is one message; the
 * outputs of its calls follow it at once, wherever they stand among the items, since Chat
 * Completions takes them nowhere else.
 */
final class ChatMessages {

  private final ChatSettings settings;
  private final ArrayNode messages = ChatRequests.array();
  private final Map<String, ToolOutput> outputs = new HashMap<>();
  private @Nullable AssistantMessage assistant;

  ChatMessages(ChatSettings settings) {
    this.settings = settings;
  }

  /** All messages of a turn. Call once. */
  ArrayNode of(Turn turn) {
    for (Item item : turn.items()) {
      Entry<String, ToolOutput> output = output(item);
      if (output != null) {
        outputs.put(output.getKey(), output.getValue());
      }
    }
    instructions(turn.request().instructions());
    turn.items().forEach(this::item);
    flush();
    if (turn.continuation() != null) {
      messages.addObject().put("role", "assistant").put("content", turn.continuation());
    }
    return messages;
  }

  private void instructions(@Nullable Instructions instructions) {
    switch (instructions) {
      case null -> {}
      case Instructions.Text text ->
          messages.addObject().put("role", "system").put("content", text.text());
      case Instructions.Items items -> items.items().forEach(this::item);
    }
  }

  private void item(Item item) {
    switch (item) {
      case Message message -> message(message);
      case Reasoning reasoning -> reasoning(reasoning);
      case FunctionCall call -> call(call, call.callId(), call.name(), call.arguments());
      case CustomToolCall call -> {
        String arguments = ChatRequests.object().put(ChatTools.INPUT, call.input()).toString();
        call(call, call.callId(), call.name(), arguments);
      }
      case FunctionCallOutput _, CustomToolCallOutput _ -> flush();
      default -> throw new IllegalArgumentException("not refused: item " + item.type());
    }
  }

  private void message(Message message) {
    List<ContentPart> parts = parts(message.content());
    if (message.role() == Role.ASSISTANT) {
      if (assistant != null && assistant.saidSomething() && !assistant.hasCalls()) {
        flush();
      }
      open().say(parts);
    } else {
      flush();
      messages
          .addObject()
          .put("role", role(message.role()))
          .set("content", ChatParts.content(parts));
    }
  }

  private String role(Role role) {
    return role == Role.DEVELOPER && !settings.developerRole() ? "system" : role.wire();
  }

  private static List<ContentPart> parts(MessageContent content) {
    return switch (content) {
      case MessageContent.Text text -> List.of(new InputText(text.text(), Map.of()));
      case MessageContent.Parts parts -> parts.parts();
    };
  }

  private void reasoning(Reasoning reasoning) {
    if (settings.reasoningField() != null && reasoning.content() != null) {
      if (assistant != null && assistant.saidSomething()) {
        flush();
      }
      open().think(reasoning.content());
    }
  }

  private void call(Item item, String callId, String name, String arguments) {
    // A call that broke off was never given to anyone, and no engine takes half its arguments.
    boolean brokenOff = item.status() == ItemStatus.INCOMPLETE && !outputs.containsKey(callId);
    if (!brokenOff) {
      open().call(callId, name, arguments);
    }
  }

  private AssistantMessage open() {
    AssistantMessage open = assistant;
    if (open == null) {
      open = new AssistantMessage(settings.reasoningField());
      assistant = open;
    }
    return open;
  }

  /** Writes the assistant's message, and the outputs of its calls behind it. */
  private void flush() {
    AssistantMessage done = assistant;
    assistant = null;
    if (done == null || done.isEmpty()) {
      return;
    }
    messages.add(done.json());
    for (String callId : done.callIds()) {
      ToolOutput output = outputs.get(callId);
      if (output != null) {
        ObjectNode message = messages.addObject().put("role", "tool").put("tool_call_id", callId);
        message.set("content", ChatParts.content(parts(output)));
      }
    }
  }

  private static List<ContentPart> parts(ToolOutput output) {
    return switch (output) {
      case ToolOutput.Text text -> List.of(new InputText(text.text(), Map.of()));
      case ToolOutput.Parts parts -> parts.parts();
    };
  }

  private static @Nullable Entry<String, ToolOutput> output(Item item) {
    return switch (item) {
      case FunctionCallOutput output -> Map.entry(output.callId(), output.output());
      case CustomToolCallOutput output -> Map.entry(output.callId(), output.output());
      default -> null;
    };
  }
}
