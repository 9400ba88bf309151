package antiphon.tools.search;

import antiphon.core.engine.DeferredTool;
import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.LoadedTools;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.ToolSearchCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.tools.schema.Arguments;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The searches for tools of one run. */
final class ToolSearchSession implements ToolSession {

  private static final int USUAL_RESULTS = 5;
  private static final int MOST_RESULTS = 25;
  private static final int MOST_QUERY = 2048;

  /** So many namespaces are named to the model, and so much of what they are for. */
  private static final int MOST_NAMED = 50;

  private static final int MOST_ABOUT = 150;

  private volatile ToolIndex index = new ToolIndex(List.of());

  @Override
  public boolean searchesTools() {
    return true;
  }

  @Override
  public void searchable(List<DeferredTool> tools) {
    // The same in each turn, unless an MCP server has changed its list.
    if (!tools.equals(index.tools())) {
      index = new ToolIndex(tools);
    }
  }

  @Override
  public List<FunctionTool> functions() {
    return index.isEmpty() ? List.of() : List.of(function(index.tools()));
  }

  private static FunctionTool function(List<DeferredTool> tools) {
    String namespaces =
        tools.stream()
            .map(DeferredTool::in)
            .filter(java.util.Objects::nonNull)
            .distinct()
            .limit(MOST_NAMED)
            .map(ToolSearchSession::about)
            .collect(Collectors.joining());
    return Arguments.function(
        LoadedTools.SEARCH,
        "There are "
            + tools.size()
            + " more tools that are not shown. This finds those that fit, and makes them callable."
            + (namespaces.isEmpty() ? "" : " They are about:" + namespaces),
        """
        {"type":"object","properties":{
          "query":{"type":"string","description":"What the tool should do, or its name."},
          "max_results":{"type":"integer","minimum":1,"maximum":%d}},
         "required":["query"],"additionalProperties":false}\
        """
            .formatted(MOST_RESULTS));
  }

  private static String about(NamespaceTool namespace) {
    String about = namespace.description() == null ? "" : namespace.description();
    String brief = about.length() > MOST_ABOUT ? about.substring(0, MOST_ABOUT) + "…" : about;
    return "\n- " + namespace.name() + (brief.isBlank() ? "" : ": " + brief);
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return choice instanceof ToolChoice.Hosted hosted && hosted.type().equals(LoadedTools.SEARCH)
        ? List.of(LoadedTools.SEARCH)
        : List.of();
  }

  @Override
  public CallItem show(String function) {
    return new SearchItems.Calling();
  }

  /** It changes nothing. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    List<FunctionTool> functions = functions();
    if (functions.isEmpty()) {
      return ended(call, List.of(), "There are no tools to be searched.");
    }
    return switch (Arguments.read(functions.getFirst(), call.arguments())) {
      case Arguments.Wrong(String why) -> ended(call, List.of(), why);
      case Arguments.Good(JsonNode arguments) -> {
        progress.show(
            seq -> new ToolSearchCallEvent.Searching(seq, call.itemId(), call.outputIndex()));
        String query = arguments.path("query").asString();
        int limit = arguments.path("max_results").asInt(USUAL_RESULTS);
        List<DeferredTool> found =
            index.search(
                query.substring(0, Math.min(MOST_QUERY, query.length())),
                Math.clamp(limit, 1, MOST_RESULTS));
        yield ended(call, found, LoadedTools.told(found));
      }
    };
  }

  private static ToolOutcome ended(ToolCall call, List<DeferredTool> found, String told) {
    NextEvent completed =
        seq -> new ToolSearchCallEvent.Completed(seq, call.itemId(), call.outputIndex(), told);
    return new ToolOutcome.Done(
        SearchItems.call(call.itemId(), call.arguments(), "completed"),
        List.of(completed),
        new ToolOutput.Text(told),
        List.of(new ToolOutcome.More("tso", id -> SearchItems.output(id, found))));
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return SearchItems.call(call.itemId(), call.arguments(), "incomplete");
  }
}
