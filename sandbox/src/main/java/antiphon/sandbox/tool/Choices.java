package antiphon.sandbox.tool;

import antiphon.protocol.tool.ToolChoice;

/** Choices that name a tool by its type. */
final class Choices {

  private Choices() {}

  static boolean of(ToolChoice choice, String type) {
    return switch (choice) {
      case ToolChoice.Hosted hosted -> hosted.type().equals(type);
      case ToolChoice.Mode _,
          ToolChoice.Function _,
          ToolChoice.Custom _,
          ToolChoice.Mcp _,
          ToolChoice.Allowed _ ->
          false;
    };
  }
}
