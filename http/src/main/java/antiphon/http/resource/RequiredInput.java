package antiphon.http.resource;

import antiphon.protocol.json.Json;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client owes a response before another can go on from it. */
final class RequiredInput {

  private static final Map<String, String> OUTPUTS =
      Map.of(
          "function_call", "function_call_output",
          "custom_tool_call", "custom_tool_call_output",
          "computer_call", "computer_call_output",
          "shell_call", "shell_call_output",
          "local_shell_call", "local_shell_call_output",
          "apply_patch_call", "apply_patch_call_output");

  private RequiredInput() {}

  /**
   * Stubs of it, in the order of the calls.
   *
   * @param output the response's items
   */
  static ArrayNode of(JsonNode output) {
    Set<String> answered = new HashSet<>();
    for (JsonNode item : output) {
      if (item.path("type").asString("").endsWith("_output")) {
        answered.add(item.path("call_id").asString(""));
      }
    }
    ArrayNode stubs = Json.mapper().createArrayNode();
    for (JsonNode item : output) {
      String type = item.path("type").asString("");
      String call = item.path("call_id").asString("");
      if (type.equals("mcp_approval_request")) {
        stubs
            .addObject()
            .put("type", "mcp_approval_response")
            .put("approval_request_id", item.path("id").asString(""));
      } else if (OUTPUTS.containsKey(type) && !answered.contains(call)) {
        ObjectNode stub = stubs.addObject().put("type", OUTPUTS.get(type)).put("call_id", call);
        if (type.equals("function_call")) {
          stub.put("name", item.path("name").asString(""));
        }
      }
    }
    return stubs;
  }
}
