package antiphon.protocol.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A tool that a request offers the model. */
@JsonPropertyOrder({"type"})
public sealed interface Tool
    permits AgentTool,
        CodeInterpreterTool,
        ComputerUseTool,
        CustomTool,
        FileSearchTool,
        FunctionTool,
        HistoryTool,
        HostedTool,
        ImageGenerationTool,
        LocalShellTool,
        McpServerTool,
        ShellTool,
        SleepTool,
        WebSearchPreviewTool,
        WebSearchTool {

  /** The kind, as on the wire. */
  @JsonProperty("type")
  String type();
}
