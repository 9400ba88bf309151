package antiphon.knowledge.tool;

import antiphon.core.log.NextEvent;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoreException;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.Citation;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.core.vector.Searching;
import antiphon.core.vector.Searching.Found;
import antiphon.core.vector.Searching.Question;
import antiphon.core.vector.StoreAccess;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.event.FileSearchCallEvent;
import antiphon.protocol.item.FileSearchCall;
import antiphon.protocol.item.FileSearchResult;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The file searches of one run. */
final class FileSearchSession implements ToolSession {

  /** What the model calls. */
  static final String NAME = "file_search";

  private static final int MOST_QUERIES = 8;
  private static final int MOST_QUERY = 2048;

  private static final String PARAMETERS =
      """
      {"type": "object",
       "properties": {"queries": {"type": "array", "items": {"type": "string"}, "minItems": 1,
         "description": "What to look for, in whole words; several wordings find more."}},
       "required": ["queries"], "additionalProperties": false}
      """;

  private static final String DESCRIPTION =
      "Searches the user's files by meaning and by words, and returns the passages that fit best."
          + " Cite each passage that you use by its mark, right behind the sentence that rests on"
          + " it.";

  private final ToolContext context;
  private final List<Ask> asks;
  private final StoreAccess access;
  private final InstantSource clock;
  private final Searching searching;
  private final Passages passages = new Passages();

  FileSearchSession(
      ToolContext context,
      List<Ask> asks,
      StoreAccess access,
      InstantSource clock,
      Searching searching) {
    this.context = context;
    this.asks = asks;
    this.access = access;
    this.clock = clock;
    this.searching = searching;
  }

  @Override
  public void shown(List<Item> items) {
    passages.recall(items);
  }

  @Override
  public boolean cites() {
    return true;
  }

  @Override
  public Optional<Citation> citation(String mark) {
    return passages.citation(mark);
  }

  @Override
  public List<FunctionTool> functions() {
    JsonNode schema = Json.tree(PARAMETERS.getBytes(StandardCharsets.UTF_8));
    Map<String, JsonNode> parameters = new java.util.LinkedHashMap<>();
    schema.properties().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
    return List.of(new FunctionTool(NAME, DESCRIPTION, parameters, true, null, Map.of()));
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return choice instanceof ToolChoice.Hosted hosted && hosted.type().equals("file_search")
        ? List.of(NAME)
        : List.of();
  }

  @Override
  public CallItem show(String function) {
    return new FileSearchCallItem();
  }

  /** It changes nothing. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    List<String> queries = queries(call.arguments());
    if (queries.isEmpty()) {
      return failed(call, queries, "The call needs 'queries': a list of texts that are not empty.");
    }
    progress.show(seq -> new FileSearchCallEvent.Searching(seq, call.itemId(), call.outputIndex()));
    try {
      List<Found> found = search(queries);
      NextEvent completed =
          seq -> new FileSearchCallEvent.Completed(seq, call.itemId(), call.outputIndex());
      List<FileSearchResult> results = included() ? results(found) : null;
      Item item =
          new FileSearchCall(call.itemId(), queries, ItemStatus.COMPLETED, results, Map.of());
      return ToolOutcome.Done.of(item, List.of(completed), passages.shown(found));
    } catch (Rejected e) {
      return failed(call, queries, e.problem().message());
    } catch (StoreException e) {
      return failed(call, queries, "The files cannot be searched at the moment.");
    }
  }

  private List<Found> search(List<String> queries) throws InterruptedException {
    List<Found> found = new ArrayList<>();
    int limit = 0;
    int searched = 0;
    for (Ask ask : asks) {
      List<VectorStore> stores = stores(ask);
      searched += stores.size();
      limit = Math.max(limit, ask.limit());
      found.addAll(
          searching.search(
              stores,
              new Question(queries, ask.filter(), ask.limit(), ask.words(), ask.threshold())));
    }
    if (searched == 0) {
      throw Rejected.invalid(
          "vector_store_ids", "None of the vector stores to be searched is there.");
    }
    if (asks.size() > 1) {
      found.sort((one, other) -> Double.compare(other.score(), one.score()));
    }
    return found.size() > limit ? found.subList(0, limit) : found;
  }

  /** Those that are there; one that has expired is named, one that is gone is left out. */
  private List<VectorStore> stores(Ask ask) {
    List<VectorStore> stores = new ArrayList<>();
    for (String id : ask.stores()) {
      VectorStoreId named = new VectorStoreId(context.response().owner(), id);
      Optional<VectorStore> store = access.find(named).map(StoreAccess.Reached::store);
      if (store.isPresent() && store.get().expired(clock.millis())) {
        throw Rejected.invalid("vector_store_ids", "The vector store '" + id + "' has expired.");
      }
      store.ifPresent(stores::add);
    }
    return stores;
  }

  private boolean included() {
    List<CreateResponse.Include> include = context.request().include();
    return include != null && include.contains(CreateResponse.Include.FILE_SEARCH_RESULTS);
  }

  private static List<FileSearchResult> results(List<Found> found) {
    return found.stream()
        .map(one ->
            new FileSearchResult(
                one.file().attributes(),
                one.file().fileId(),
                one.file().filename(),
                one.score(),
                one.chunk().text(),
                Map.of()))
        .toList();
  }

  private static List<String> queries(String arguments) {
    List<String> queries = new ArrayList<>();
    try {
      JsonNode json = Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
      JsonNode given = json.has("queries") ? json.get("queries") : json.path("query");
      if (given.isString()) {
        queries.add(given.asString());
      }
      given.values().forEach(one -> queries.add(one.isString() ? one.asString() : ""));
    } catch (InvalidJson _) {
      return List.of();
    }
    return queries.stream()
        .filter(query -> !query.isBlank())
        .limit(MOST_QUERIES)
        .map(query -> query.substring(0, Math.min(MOST_QUERY, query.length())))
        .toList();
  }

  private static ToolOutcome failed(ToolCall call, List<String> queries, String reason) {
    NextEvent failed =
        seq -> new FileSearchCallEvent.Failed(seq, call.itemId(), call.outputIndex(), reason);
    Item item = new FileSearchCall(call.itemId(), queries, ItemStatus.FAILED, null, Map.of());
    return ToolOutcome.Done.of(item, List.of(failed), reason);
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return new FileSearchCall(
        call.itemId(), queries(call.arguments()), ItemStatus.INCOMPLETE, null, Map.of());
  }
}
