package antiphon.engines.chat;

import antiphon.core.create.Unsealed;
import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.Calls;
import antiphon.core.engine.Turn;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.ImageGenerationCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Instructions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The conversation as messages. What the assistant said and called in a row is one message; the
 * outputs of its calls follow it at once, wherever they stand among the items, since Chat
 * Completions takes them nowhere else. Whatever an engine has said can be said here: a conversation
 * that was taken once is taken for good.
 */
final class ChatMessages {

  /** In place of a compaction that nobody here can read. */
  static final String COMPACTED =
      "[The conversation before this was compacted, and cannot be shown here.]";

  private final ChatSettings settings;
  private final ArrayNode messages = ChatRequests.array();

  /** The output of each call, by the call's place; two calls may have one id. */
  private final Map<Integer, Item> outputs = new HashMap<>();

  private @Nullable AssistantMessage assistant;

  ChatMessages(ChatSettings settings) {
    this.settings = settings;
  }

  /** All messages of a turn. Call once. */
  ArrayNode of(Turn turn) {
    List<Item> items = turn.items();
    Calls.pairs(items).forEach((call, output) -> outputs.put(call, items.get(output)));
    instructions(turn.request().instructions());
    for (int i = 0; i < items.size(); i++) {
      item(items.get(i), outputs.get(i));
    }
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
      case Instructions.Items items -> items.items().forEach(item -> item(item, null));
    }
  }

  private void item(Item item, @Nullable Item output) {
    String callId = Calls.callId(item);
    if (callId != null) {
      call(item, callId, output);
    } else if (Calls.answeredId(item) != null) {
      flush();
    } else {
      other(item);
    }
  }

  private void other(Item item) {
    switch (item) {
      case Message message -> message(message);
      case Reasoning reasoning -> reasoning(reasoning);
      case McpCall call -> mcp(call);
      case ImageGenerationCall image when image.result() != null -> image(image.result());
      case Compaction compaction ->
          note(compaction.content() == null ? COMPACTED : compaction.content());
      case UnknownItem message when AgentMessages.is(message) ->
          noteIfAny(AgentMessages.text(message));
      case UnknownItem unknown
          when AdditionalTools.is(unknown)
              || Updates.is(unknown)
              || ToolNames.isSearch(unknown) -> {}
      case UnknownItem unknown when !unknown.type().endsWith("_call") -> note(Json.text(unknown));
      // What a server's tools did is in the answer that follows it.
      default -> {}
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

  private void noteIfAny(@Nullable String text) {
    if (text != null) {
      note(text);
    }
  }

  private void note(String text) {
    flush();
    messages.addObject().put("role", "user").put("content", text);
  }

  private void image(String base64) {
    flush();
    InputImage image = new InputImage(null, null, "data:image/png;base64," + base64, Map.of());
    messages.addObject().put("role", "user").set("content", ChatParts.content(List.of(image)));
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
    JsonNode madeBy = reasoning.extra().get(Unsealed.ENGINE);
    String state = reasoning.encryptedContent();
    boolean ours = madeBy != null && madeBy.asString("").equals(settings.upstream().name());
    if (settings.reasoningField() != null && reasoning.content() != null) {
      if (assistant != null && assistant.saidSomething()) {
        flush();
      }
      open().think(reasoning.content());
    }
    if (ours && state != null) {
      open().remember(state);
    }
  }

  private void call(Item item, String callId, @Nullable Item output) {
    // A call that broke off was never given to anyone, and no engine takes half its arguments.
    if (!Calls.brokenOff(item) || output != null) {
      open().call(callId, ClientCalls.name(item), ClientCalls.arguments(item), output);
    }
  }

  /** A call that a server ran, and what came of it. */
  private void mcp(McpCall call) {
    String output = call.output() == null ? "" : call.output();
    open()
        .call(
            call.idOrEmpty(),
            ToolNames.sentName(call.serverLabel(), call.name()),
            ClientCalls.objectText(call.arguments()),
            List.of(new InputText(output, Map.of())));
  }

  private AssistantMessage open() {
    AssistantMessage open = assistant;
    if (open == null) {
      open = new AssistantMessage(settings);
      assistant = open;
    }
    return open;
  }

  /** Writes the assistant's message, and the outputs of its calls behind it. */
  private void flush() {
    AssistantMessage done = assistant;
    assistant = null;
    if (done != null && !done.isEmpty()) {
      done.write(messages);
    }
  }
}
