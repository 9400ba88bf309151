package antiphon.protocol.tool;

import antiphon.protocol.json.KindReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads tools. Some kinds may be named by their type alone. */
public final class ToolReader extends KindReader<Tool> {

  private static final Map<String, Class<? extends Tool>> KINDS = kinds();

  /** Those whose full form must say more than the type. */
  private static final Set<String> SHORTHAND =
      Set.of("file_search", "computer_use_preview", "code_interpreter");

  public ToolReader() {
    super("tool");
  }

  private static Map<String, Class<? extends Tool>> kinds() {
    Map<String, Class<? extends Tool>> kinds = new LinkedHashMap<>();
    kinds.put("function", FunctionTool.class);
    kinds.put("custom", CustomTool.class);
    kinds.put("file_search", FileSearchTool.class);
    kinds.put("web_search", WebSearchTool.class);
    kinds.put("web_search_2025_08_26", WebSearchTool.class);
    kinds.put("web_search_preview", WebSearchPreviewTool.class);
    kinds.put("web_search_preview_2025_03_11", WebSearchPreviewTool.class);
    kinds.put("computer_use_preview", ComputerUseTool.class);
    kinds.put("mcp", McpServerTool.class);
    kinds.put("code_interpreter", CodeInterpreterTool.class);
    kinds.put("image_generation", ImageGenerationTool.class);
    kinds.put("local_shell", LocalShellTool.class);
    kinds.put("shell", ShellTool.class);
    kinds.put("apply_patch", ApplyPatchTool.class);
    kinds.put("computer", ComputerTool.class);
    kinds.put("namespace", NamespaceTool.class);
    kinds.put("programmatic_tool_calling", ProgrammaticToolCallingTool.class);
    kinds.put("tool_search", ToolSearchTool.class);
    kinds.put("history", HistoryTool.class);
    kinds.put("sleep", SleepTool.class);
    kinds.put("agent", AgentTool.class);
    return kinds;
  }

  @Override
  protected @Nullable Class<? extends Tool> kind(String type, ObjectNode node) {
    return SHORTHAND.contains(type) && node.size() == 1 ? HostedTool.class : KINDS.get(type);
  }

  @Override
  protected Tool unknown(String type, Map<String, JsonNode> fields) {
    return new UnknownTool(type, fields);
  }

  @Override
  protected boolean keepsUnknown(String type) {
    return true;
  }

  @Override
  protected List<String> types() {
    return List.copyOf(KINDS.keySet());
  }
}
