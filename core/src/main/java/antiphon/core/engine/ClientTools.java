package antiphon.core.engine;

import antiphon.protocol.tool.AgentTool;
import antiphon.protocol.tool.ApplyPatchTool;
import antiphon.protocol.tool.CodeInterpreterTool;
import antiphon.protocol.tool.ComputerTool;
import antiphon.protocol.tool.ComputerUseTool;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FileSearchTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.HistoryTool;
import antiphon.protocol.tool.HostedTool;
import antiphon.protocol.tool.ImageGenerationTool;
import antiphon.protocol.tool.LocalShellTool;
import antiphon.protocol.tool.McpServerTool;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.ProgrammaticToolCallingTool;
import antiphon.protocol.tool.ShellTool;
import antiphon.protocol.tool.SleepTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolSearchTool;
import antiphon.protocol.tool.UnknownTool;
import antiphon.protocol.tool.WebSearchPreviewTool;
import antiphon.protocol.tool.WebSearchTool;

/**
 * Which tools the client runs: the model's calls of them are handed out, and their outputs sent.
 */
public final class ClientTools {

  private ClientTools() {}

  /** Whether the client runs this tool; else a server has to. */
  public static boolean runs(Tool tool) {
    return switch (tool) {
      case FunctionTool _,
          CustomTool _,
          NamespaceTool _,
          LocalShellTool _,
          ApplyPatchTool _,
          ComputerTool _,
          ComputerUseTool _ ->
          true;
      case ShellTool shell ->
          shell.environment() != null
              && shell.environment().path("type").asString("").equals("local");
      case ToolSearchTool search -> "client".equals(search.execution());
      case WebSearchTool _,
          WebSearchPreviewTool _,
          FileSearchTool _,
          CodeInterpreterTool _,
          ImageGenerationTool _,
          McpServerTool _,
          HistoryTool _,
          SleepTool _,
          AgentTool _,
          HostedTool _,
          ProgrammaticToolCallingTool _,
          UnknownTool _ ->
          false;
    };
  }

  /** The name by which calls of a tool are known; its type where it has none. */
  public static String name(Tool tool) {
    return switch (tool) {
      case FunctionTool function -> function.name();
      case CustomTool custom -> custom.name();
      case NamespaceTool namespace -> namespace.name();
      case ComputerUseTool _ -> "computer";
      case Tool other -> other.type();
    };
  }
}
