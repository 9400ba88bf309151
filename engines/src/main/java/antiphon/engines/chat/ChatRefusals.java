package antiphon.engines.chat;

import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.Calls;
import antiphon.core.engine.Engine.Refusal;
import antiphon.core.engine.Turn;
import antiphon.core.response.Ids;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Instructions;
import antiphon.protocol.tool.ToolChoice;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What of a turn has no counterpart in Chat Completions. Pure. */
final class ChatRefusals {

  private final String engine;

  ChatRefusals(String engine) {
    this.engine = engine;
  }

  /** The first field that is refused. */
  Optional<Refusal> of(Turn turn) {
    return Stream.of(
            fields(turn.request()),
            choice(turn.request().toolChoice()),
            instructions(turn.request().instructions()),
            items("input", turn.items()))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private @Nullable Refusal fields(CreateResponse request) {
    if (request.prefillThink() != null) {
      return refusal("prefill_think", "has no counterpart in Chat Completions");
    }
    if (Boolean.FALSE.equals(request.useCache())) {
      return refusal("use_cache", "false has no counterpart in Chat Completions");
    }
    if (request.extraBody() != null) {
      for (String name : request.extraBody().keySet()) {
        if (ChatRequests.OURS.contains(name)) {
          return refusal("extra_body." + name, "cannot be set there: it comes from the request");
        }
      }
    }
    return null;
  }

  private @Nullable Refusal choice(@Nullable ToolChoice choice) {
    return choice instanceof ToolChoice.Mcp
        ? refusal("tool_choice", "names a tool that has no counterpart in Chat Completions")
        : null;
  }

  private @Nullable Refusal instructions(@Nullable Instructions instructions) {
    return instructions instanceof Instructions.Items items
        ? items("instructions", items.items())
        : null;
  }

  private @Nullable Refusal items(String param, List<Item> items) {
    for (Item item : items) {
      Refusal refusal = item(param, item);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private @Nullable Refusal item(String param, Item item) {
    return switch (item) {
      case Message message ->
          message.content() instanceof MessageContent.Parts parts
              ? parts(param, parts.parts(), message.role() == Role.ASSISTANT)
              : null;
      case FunctionCallOutput output -> output(param, output.output());
      case CustomToolCallOutput output -> output(param, output.output());
      case UnknownItem unknown when isTold(unknown) -> null;
      // What a model has said is taken back from it, whatever it is.
      case UnknownItem unknown
          when Calls.callId(unknown) == null
              && Calls.answeredId(unknown) == null
              && !Ids.isOutput(unknown.idOrEmpty()) ->
          refusal(param, "holds an item of type '" + item.type() + "', unknown there");
      // Leave for what nobody here would run: to drop it would be to promise it.
      case McpApprovalResponse _ ->
          refusal(param, "holds an item of type '" + item.type() + "', unknown there");
      default -> null;
    };
  }

  /** Kinds that clients send and that have a place in a conversation without such items. */
  private static boolean isTold(UnknownItem item) {
    return AdditionalTools.is(item)
        || Updates.is(item)
        || AgentMessages.is(item)
        || ToolNames.isSearch(item);
  }

  private @Nullable Refusal output(String param, ToolOutput output) {
    return output instanceof ToolOutput.Parts parts ? parts(param, parts.parts(), false) : null;
  }

  private @Nullable Refusal parts(String param, List<ContentPart> parts, boolean textOnly) {
    for (ContentPart part : parts) {
      Refusal refusal = part(param, part, textOnly);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private @Nullable Refusal part(String param, ContentPart part, boolean textOnly) {
    if (textOnly && ChatParts.text(part) == null) {
      return refusal(param, "holds an '" + part.type() + "' of the assistant, where it takes text");
    }
    return switch (part) {
      case InputImage image when image.imageUrl() == null ->
          refusal(param, "holds an input_image without 'image_url': it cannot read stored files");
      case InputFile file when file.fileData() == null && file.fileUrl() == null ->
          refusal(param, "holds an input_file without 'file_data': it cannot read stored files");
      default -> null;
    };
  }

  private Refusal refusal(String param, String why) {
    return new Refusal(
        param,
        "'" + param + "' " + why + " (the engine '" + engine + "' speaks Chat Completions).");
  }
}
