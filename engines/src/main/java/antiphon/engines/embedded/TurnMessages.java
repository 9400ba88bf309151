package antiphon.engines.embedded;

import antiphon.core.engine.Engine;
import antiphon.core.engine.Turn;
import antiphon.engines.embedded.chat.ChatMessage;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputAudio;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.PlainText;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.content.UnknownPart;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Instructions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A turn's conversation as chat messages. */
final class TurnMessages {

  private final List<ChatMessage> messages = new ArrayList<>();
  private final Map<String, String> callNames = new HashMap<>();

  private TurnMessages() {}

  /** The instructions and the items; items a text model can make nothing of are left out. */
  static List<ChatMessage> of(Turn turn) {
    TurnMessages all = new TurnMessages();
    switch (turn.request().instructions()) {
      case Instructions.Text(String text) -> all.messages.add(new ChatMessage.Instruction(text));
      case Instructions.Items(List<Item> items) -> items.forEach(all::add);
      case null -> {}
    }
    turn.items().forEach(all::add);
    return all.messages;
  }

  /** The first thing in the conversation that is no text. */
  static Optional<Engine.Refusal> refuses(Turn turn) {
    List<Item> items = new ArrayList<>(turn.items());
    if (turn.request().instructions() instanceof Instructions.Items(List<Item> instructions)) {
      items.addAll(instructions);
    }
    return items.stream()
        .flatMap(item -> parts(item).stream())
        .filter(part ->
            part instanceof InputImage || part instanceof InputFile || part instanceof InputAudio)
        .findFirst()
        .map(part ->
            new Engine.Refusal(
                "input", "The embedded engine reads text only, not " + part.type() + "."));
  }

  private static List<ContentPart> parts(Item item) {
    return switch (item) {
      case Message message ->
          message.content() instanceof MessageContent.Parts(List<ContentPart> parts)
              ? parts
              : List.of();
      case FunctionCallOutput output -> parts(output.output());
      case CustomToolCallOutput output -> parts(output.output());
      default -> List.of();
    };
  }

  private static List<ContentPart> parts(ToolOutput output) {
    return output instanceof ToolOutput.Parts(List<ContentPart> parts) ? parts : List.of();
  }

  private void add(Item item) {
    switch (item) {
      case Message message -> addMessage(message);
      case FunctionCall call -> addCall(call.callId(), call.name(), call.arguments());
      case CustomToolCall call ->
          addCall(
              call.callId(),
              call.name(),
              Json.toTree(Map.of(TurnTools.INPUT, call.input())).toString());
      case FunctionCallOutput output -> addResult(output.callId(), output.output());
      case CustomToolCallOutput output -> addResult(output.callId(), output.output());
      case Compaction compaction -> {
        String summary = compaction.content();
        if (summary != null) {
          messages.add(new ChatMessage.Instruction(summary));
        }
      }
      default -> {}
    }
  }

  private void addMessage(Message message) {
    String text =
        switch (message.content()) {
          case MessageContent.Text(String plain) -> plain;
          case MessageContent.Parts(List<ContentPart> parts) -> text(parts);
        };
    messages.add(
        switch (message.role()) {
          case USER -> new ChatMessage.User(text);
          case ASSISTANT -> new ChatMessage.Assistant(text, List.of());
          case SYSTEM, DEVELOPER -> new ChatMessage.Instruction(text);
        });
  }

  /** A call belongs to the assistant's message before it, if there is one. */
  private void addCall(String id, String name, String arguments) {
    callNames.put(id, name);
    List<ChatMessage.Call> calls = new ArrayList<>();
    String text = "";
    if (!messages.isEmpty() && messages.getLast() instanceof ChatMessage.Assistant said) {
      messages.removeLast();
      text = said.text();
      calls.addAll(said.calls());
    }
    calls.add(new ChatMessage.Call(id, name, arguments));
    messages.add(new ChatMessage.Assistant(text, calls));
  }

  private void addResult(String callId, ToolOutput output) {
    String text =
        switch (output) {
          case ToolOutput.Text(String plain) -> plain;
          case ToolOutput.Parts(List<ContentPart> parts) -> text(parts);
        };
    messages.add(
        new ChatMessage.ToolResult(callId, callNames.getOrDefault(callId, "function"), text));
  }

  private static String text(List<ContentPart> parts) {
    StringBuilder text = new StringBuilder();
    for (ContentPart part : parts) {
      text.append(
          switch (part) {
            case InputText input -> input.text();
            case OutputText output -> output.text();
            case PlainText plain -> plain.text();
            case Refusal refusal -> refusal.refusal();
            case ReasoningText reasoning -> reasoning.text();
            case SummaryText summary -> summary.text();
            case InputAudio _, InputFile _, InputImage _, UnknownPart _ -> "";
          });
    }
    return text.toString();
  }
}
