package antiphon.engines.chat;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.item.ComputerCallOutput;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.LocalShellCallOutput;
import antiphon.protocol.item.ShellCallOutput;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What tools gave back. Hardly any engine takes images in a tool's message: they follow in a
 * message of the user's, and the tool's message says so.
 */
final class ToolOutputs {

  private ToolOutputs() {}

  /** The parts of an output of any kind. */
  static List<ContentPart> parts(Item output) {
    return switch (output) {
      case FunctionCallOutput function -> parts(function.output());
      case CustomToolCallOutput custom -> parts(custom.output());
      case LocalShellCallOutput shell -> text(shell.output());
      case ShellCallOutput shell -> text(shell.output().toString());
      case ComputerCallOutput screen ->
          screen.output().imageUrl() == null
              ? text("[A screenshot that is not here.]")
              : List.of(new InputImage(null, null, screen.output().imageUrl(), Map.of()));
      case UnknownItem other -> text(other(other));
      default -> text(Json.text(output));
    };
  }

  private static List<ContentPart> parts(ToolOutput output) {
    return switch (output) {
      case ToolOutput.Text text -> text(text.text());
      case ToolOutput.Parts parts -> parts.parts();
    };
  }

  private static List<ContentPart> text(String text) {
    return List.of(new InputText(text, Map.of()));
  }

  private static String other(UnknownItem item) {
    JsonNode output = item.fields().get("output");
    if (output != null) {
      return output.isString() ? output.asString() : output.toString();
    }
    JsonNode status = item.fields().get("status");
    if (item.type().equals("tool_search_output")) {
      return "The tools that were found can be called now.";
    }
    return status == null ? "" : status.asString("");
  }

  /** What of an output goes into the tool's message: its texts, and where something else went. */
  static List<ContentPart> texts(List<ContentPart> parts) {
    List<ContentPart> texts = new ArrayList<>();
    for (ContentPart part : parts) {
      if (ChatParts.text(part) == null) {
        texts.add(new InputText("[" + kind(part) + ": see the next message]", Map.of()));
      } else {
        texts.add(part);
      }
    }
    return texts;
  }

  /** What follows in a user's message, with a word on where it is from; nothing for mere text. */
  static List<ContentPart> media(String callId, List<ContentPart> parts) {
    List<ContentPart> media = new ArrayList<>();
    for (ContentPart part : parts) {
      if (ChatParts.text(part) == null) {
        if (media.isEmpty()) {
          media.add(new InputText("From the output of the tool call " + callId + ":", Map.of()));
        }
        media.add(part);
      }
    }
    return media;
  }

  private static String kind(ContentPart part) {
    return part instanceof InputImage ? "image" : "file";
  }
}
