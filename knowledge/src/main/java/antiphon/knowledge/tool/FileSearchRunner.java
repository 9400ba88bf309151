package antiphon.knowledge.tool;

import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.core.vector.Searching;
import antiphon.core.vector.StoreAccess;
import antiphon.protocol.item.FileSearchCall;
import antiphon.protocol.item.FileSearchResult;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.FileSearchTool;
import antiphon.protocol.tool.Tool;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code file_search}: the model asks, vector stores answer. */
public final class FileSearchRunner implements ToolRunner {

  private static final int MOST_STORES = 20;

  private final StoreAccess stores;
  private final InstantSource clock;
  private final Searching searching;

  /**
   * @param clock of stores' expiry
   */
  public FileSearchRunner(StoreAccess stores, InstantSource clock, Searching searching) {
    this.stores = stores;
    this.clock = clock;
    this.searching = searching;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof FileSearchTool;
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    String param = "tools[" + index + "]";
    if (!(tools.get(index) instanceof FileSearchTool tool)) {
      return Optional.empty();
    }
    int stores = tool.vectorStoreIds().size();
    if (stores == 0 || stores > MOST_STORES) {
      return Optional.of(
          new Engine.Refusal(
              param + ".vector_store_ids",
              "Invalid '%s.vector_store_ids': must have 1 to %d entries."
                  .formatted(param, MOST_STORES)));
    }
    try {
      var _ = Ask.of(tool);
      return Optional.empty();
    } catch (Rejected e) {
      String field = e.problem() instanceof Problem.Invalid invalid ? invalid.param() : null;
      return Optional.of(
          new Engine.Refusal(field == null ? param : param + "." + field, e.problem().message()));
    }
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    List<Ask> asks =
        tools.stream()
            .filter(FileSearchTool.class::isInstance)
            .map(FileSearchTool.class::cast)
            .map(Ask::of)
            .toList();
    return new FileSearchSession(context, asks, stores, clock, searching);
  }

  /** What it found, if the client was given that. */
  @Override
  public Optional<List<Item>> told(Item item) {
    if (!(item instanceof FileSearchCall call)) {
      return Optional.empty();
    }
    List<FileSearchResult> results = call.results();
    if (results == null || results.isEmpty()) {
      return Optional.of(List.of());
    }
    String text =
        results.stream()
            .map(result -> result.filename() + ":\n" + result.text())
            .collect(Collectors.joining("\n\n"));
    String arguments = Json.text(Map.of("queries", call.queries()));
    String callId = "call_" + call.idOrEmpty();
    return Optional.of(
        List.of(
            new FunctionCall(
                null, callId, FileSearchSession.NAME, arguments, ItemStatus.COMPLETED, Map.of()),
            new FunctionCallOutput(
                null, callId, new ToolOutput.Text(text), ItemStatus.COMPLETED, Map.of())));
  }
}
