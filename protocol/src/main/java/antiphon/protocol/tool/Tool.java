package antiphon.protocol.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A tool that a request offers the model. */
@JsonPropertyOrder({"type"})
public sealed interface Tool
    permits AgentTool,
        ApplyPatchTool,
        CodeInterpreterTool,
        ComputerTool,
        ComputerUseTool,
        CustomTool,
        FileSearchTool,
        FunctionTool,
        HistoryTool,
        HostedTool,
        ImageGenerationTool,
        LocalShellTool,
        McpServerTool,
        NamespaceTool,
        ProgrammaticToolCallingTool,
        ShellTool,
        SleepTool,
        ToolSearchTool,
        UnknownTool,
        WebSearchPreviewTool,
        WebSearchTool {

  /** The kind, as on the wire. */
  @JsonProperty("type")
  String type();
}
