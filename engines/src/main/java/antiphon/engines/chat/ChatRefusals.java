package antiphon.engines.chat;

import antiphon.core.engine.Engine.Refusal;
import antiphon.core.engine.Turn;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputAudio;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.UnknownPart;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.item.Role;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Instructions;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
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
            tools(turn.request()),
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

  private @Nullable Refusal tools(CreateResponse request) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    for (int i = 0; i < tools.size(); i++) {
      String param = "tools[" + i + "]";
      Refusal refusal =
          switch (tools.get(i)) {
            case FunctionTool tool ->
                Boolean.TRUE.equals(tool.deferLoading())
                    ? refusal(param + ".defer_loading", "has no counterpart in Chat Completions")
                    : null;
            case CustomTool tool ->
                tool.format() != null && !tool.format().type().equals("text")
                    ? refusal(param + ".format", "can only be 'text': grammars cannot be passed on")
                    : null;
            case Tool other ->
                refusal(param, "of type '" + other.type() + "' has no counterpart there");
          };
      if (refusal != null) {
        return refusal;
      }
    }
    return switch (request.toolChoice()) {
      case ToolChoice.Hosted _, ToolChoice.Mcp _ ->
          refusal("tool_choice", "names a tool that has no counterpart in Chat Completions");
      case null, default -> null;
    };
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
      case Reasoning _, FunctionCall _, CustomToolCall _ -> null;
      default -> refusal(param, "holds an item of type '" + item.type() + "', unknown there");
    };
  }

  private @Nullable Refusal output(String param, ToolOutput output) {
    return output instanceof ToolOutput.Parts parts ? parts(param, parts.parts(), true) : null;
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
    boolean media =
        part instanceof InputImage || part instanceof InputFile || part instanceof InputAudio;
    if (textOnly && media) {
      return refusal(
          param, "holds an '" + part.type() + "' of the assistant or a tool, where it takes text");
    }
    return switch (part) {
      case InputImage image when image.imageUrl() == null ->
          refusal(param, "holds an input_image without 'image_url': it cannot read stored files");
      case InputFile file when file.fileData() == null ->
          refusal(param, "holds an input_file without 'file_data': it takes files in no other way");
      case UnknownPart unknown ->
          refusal(param, "holds a part of type '" + unknown.type() + "', unknown there");
      default -> null;
    };
  }

  private Refusal refusal(String param, String why) {
    return new Refusal(
        param,
        "'" + param + "' " + why + " (the engine '" + engine + "' speaks Chat Completions).");
  }
}
