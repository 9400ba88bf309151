package antiphon.protocol.item;

import antiphon.protocol.json.KindReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads items. A message may come without its type, and so may an id alone, a reference. */
public final class ItemReader extends KindReader<Item> {

  private static final Map<String, Class<? extends Item>> KINDS = kinds();

  public ItemReader() {
    super("item");
  }

  private static Map<String, Class<? extends Item>> kinds() {
    Map<String, Class<? extends Item>> kinds = new LinkedHashMap<>();
    kinds.put("message", Message.class);
    kinds.put("function_call", FunctionCall.class);
    kinds.put("function_call_output", FunctionCallOutput.class);
    kinds.put("custom_tool_call", CustomToolCall.class);
    kinds.put("custom_tool_call_output", CustomToolCallOutput.class);
    kinds.put("reasoning", Reasoning.class);
    kinds.put("item_reference", ItemReference.class);
    kinds.put("web_search_call", WebSearchCall.class);
    kinds.put("file_search_call", FileSearchCall.class);
    kinds.put("code_interpreter_call", CodeInterpreterCall.class);
    kinds.put("image_generation_call", ImageGenerationCall.class);
    kinds.put("computer_call", ComputerCall.class);
    kinds.put("computer_call_output", ComputerCallOutput.class);
    kinds.put("local_shell_call", LocalShellCall.class);
    kinds.put("local_shell_call_output", LocalShellCallOutput.class);
    kinds.put("shell_call", ShellCall.class);
    kinds.put("shell_call_output", ShellCallOutput.class);
    kinds.put("mcp_list_tools", McpListTools.class);
    kinds.put("mcp_call", McpCall.class);
    kinds.put("mcp_approval_request", McpApprovalRequest.class);
    kinds.put("mcp_approval_response", McpApprovalResponse.class);
    kinds.put("compaction", Compaction.class);
    kinds.put("output_audio", OutputAudio.class);
    return kinds;
  }

  @Override
  protected @Nullable Class<? extends Item> kind(String type, ObjectNode node) {
    return KINDS.get(type);
  }

  @Override
  protected List<String> types() {
    return List.copyOf(KINDS.keySet());
  }

  @Override
  protected Item unknown(String type, Map<String, JsonNode> fields) {
    return new UnknownItem(type, fields);
  }

  @Override
  protected boolean keepsUnknown(String type) {
    return true;
  }

  @Override
  protected @Nullable String implied(ObjectNode node) {
    if (node.has("role")) {
      return "message";
    }
    boolean alone = node.size() == (node.has("type") ? 2 : 1);
    return alone && node.has("id") ? "item_reference" : null;
  }
}
