package antiphon.protocol.event;

import antiphon.protocol.json.KindReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads events. */
public final class StreamEventReader extends KindReader<StreamEvent> {

  private static final Map<String, Class<? extends StreamEvent>> KINDS = kinds();

  public StreamEventReader() {
    super("event");
  }

  private static Map<String, Class<? extends StreamEvent>> kinds() {
    Map<String, Class<? extends StreamEvent>> kinds = new LinkedHashMap<>();
    kinds.put("error", ErrorEvent.class);
    kinds.put("response.created", ResponseEvent.Created.class);
    kinds.put("response.queued", ResponseEvent.Queued.class);
    kinds.put("response.in_progress", ResponseEvent.InProgress.class);
    kinds.put("response.completed", ResponseEvent.Completed.class);
    kinds.put("response.failed", ResponseEvent.Failed.class);
    kinds.put("response.incomplete", ResponseEvent.Incomplete.class);
    kinds.put("response.cancelled", ResponseEvent.Cancelled.class);
    kinds.put("response.output_item.added", OutputItemEvent.Added.class);
    kinds.put("response.output_item.done", OutputItemEvent.Done.class);
    kinds.put("response.content_part.added", ContentPartEvent.Added.class);
    kinds.put("response.content_part.done", ContentPartEvent.Done.class);
    kinds.put("response.output_text.delta", OutputTextEvent.Delta.class);
    kinds.put("response.output_text.done", OutputTextEvent.Done.class);
    kinds.put("response.output_text.annotation.added", OutputTextEvent.AnnotationAdded.class);
    kinds.put("response.refusal.delta", RefusalEvent.Delta.class);
    kinds.put("response.refusal.done", RefusalEvent.Done.class);
    kinds.put("response.function_call_arguments.delta", FunctionCallArgumentsEvent.Delta.class);
    kinds.put("response.function_call_arguments.done", FunctionCallArgumentsEvent.Done.class);
    kinds.put("response.custom_tool_call_input.delta", CustomToolCallInputEvent.Delta.class);
    kinds.put("response.custom_tool_call_input.done", CustomToolCallInputEvent.Done.class);
    kinds.put("response.reasoning_text.delta", ReasoningTextEvent.Delta.class);
    kinds.put("response.reasoning_text.done", ReasoningTextEvent.Done.class);
    kinds.put("response.reasoning_summary_part.added", ReasoningSummaryPartEvent.Added.class);
    kinds.put("response.reasoning_summary_part.done", ReasoningSummaryPartEvent.Done.class);
    kinds.put("response.reasoning_summary_text.delta", ReasoningSummaryTextEvent.Delta.class);
    kinds.put("response.reasoning_summary_text.done", ReasoningSummaryTextEvent.Done.class);
    kinds.put("response.file_search_call.in_progress", FileSearchCallEvent.InProgress.class);
    kinds.put("response.file_search_call.searching", FileSearchCallEvent.Searching.class);
    kinds.put("response.file_search_call.completed", FileSearchCallEvent.Completed.class);
    kinds.put("response.file_search_call.failed", FileSearchCallEvent.Failed.class);
    kinds.put("response.web_search_call.in_progress", WebSearchCallEvent.InProgress.class);
    kinds.put("response.web_search_call.searching", WebSearchCallEvent.Searching.class);
    kinds.put("response.web_search_call.completed", WebSearchCallEvent.Completed.class);
    kinds.put("response.history_call.in_progress", HistoryCallEvent.InProgress.class);
    kinds.put("response.history_call.searching", HistoryCallEvent.Searching.class);
    kinds.put("response.history_call.completed", HistoryCallEvent.Completed.class);
    kinds.put("response.sleep_call.in_progress", SleepCallEvent.InProgress.class);
    kinds.put("response.sleep_call.sleeping", SleepCallEvent.Sleeping.class);
    kinds.put("response.sleep_call.completed", SleepCallEvent.Completed.class);
    kinds.put("response.tool_search_call.in_progress", ToolSearchCallEvent.InProgress.class);
    kinds.put("response.tool_search_call.searching", ToolSearchCallEvent.Searching.class);
    kinds.put("response.tool_search_call.completed", ToolSearchCallEvent.Completed.class);
    kinds.put(
        "response.image_generation_call.in_progress", ImageGenerationCallEvent.InProgress.class);
    kinds.put(
        "response.image_generation_call.generating", ImageGenerationCallEvent.Generating.class);
    kinds.put("response.image_generation_call.completed", ImageGenerationCallEvent.Completed.class);
    kinds.put("response.image_generation_call.failed", ImageGenerationCallEvent.Failed.class);
    kinds.put(
        "response.image_generation_call.partial_image",
        ImageGenerationCallEvent.PartialImage.class);
    kinds.put("response.mcp_call_arguments.delta", McpCallArgumentsEvent.Delta.class);
    kinds.put("response.mcp_call_arguments.done", McpCallArgumentsEvent.Done.class);
    kinds.put("response.mcp_call.in_progress", McpCallEvent.InProgress.class);
    kinds.put("response.mcp_call.completed", McpCallEvent.Completed.class);
    kinds.put("response.mcp_call.failed", McpCallEvent.Failed.class);
    kinds.put("response.mcp_list_tools.in_progress", McpListToolsEvent.InProgress.class);
    kinds.put("response.mcp_list_tools.completed", McpListToolsEvent.Completed.class);
    kinds.put("response.mcp_list_tools.failed", McpListToolsEvent.Failed.class);
    kinds.put("response.agent_call.in_progress", AgentCallEvent.InProgress.class);
    kinds.put("response.agent_call.completed", AgentCallEvent.Completed.class);
    kinds.put("response.agent_call.failed", AgentCallEvent.Failed.class);
    kinds.put("response.read_file_call.in_progress", ReadFileCallEvent.InProgress.class);
    kinds.put("response.read_file_call.reading", ReadFileCallEvent.Reading.class);
    kinds.put("response.read_file_call.completed", ReadFileCallEvent.Completed.class);
    kinds.put(
        "response.code_interpreter_call.in_progress", CodeInterpreterCallEvent.InProgress.class);
    kinds.put(
        "response.code_interpreter_call.interpreting", CodeInterpreterCallEvent.Interpreting.class);
    kinds.put("response.code_interpreter_call.completed", CodeInterpreterCallEvent.Completed.class);
    kinds.put(
        "response.code_interpreter_call_code.delta", CodeInterpreterCallEvent.CodeDelta.class);
    kinds.put("response.code_interpreter_call_code.done", CodeInterpreterCallEvent.CodeDone.class);
    kinds.put("response.shell_call.in_progress", ShellCallEvent.InProgress.class);
    kinds.put("response.shell_call.executing", ShellCallEvent.Executing.class);
    kinds.put("response.shell_call.completed", ShellCallEvent.Completed.class);
    return kinds;
  }

  @Override
  protected @Nullable Class<? extends StreamEvent> kind(String type, ObjectNode node) {
    return KINDS.get(type);
  }

  @Override
  protected List<String> types() {
    return List.copyOf(KINDS.keySet());
  }

  @Override
  protected @Nullable String lacks(ObjectNode node) {
    return node.has("sequence_number") ? null : "sequence_number";
  }

  @Override
  protected StreamEvent unknown(String type, Map<String, JsonNode> fields) {
    JsonNode number = fields.get("sequence_number");
    return new UnknownEvent(type, number == null ? 0 : number.asLong(0), fields);
  }
}
