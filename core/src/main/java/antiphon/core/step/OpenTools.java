package antiphon.core.step;

import antiphon.core.engine.Engine;
import antiphon.core.log.LiveLog;
import antiphon.core.tool.Citation;
import antiphon.core.tool.CitationFilter;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolException;
import antiphon.core.tool.ToolLimits;
import antiphon.core.tool.ToolOutputSink;
import antiphon.core.tool.ToolSession;
import antiphon.core.tool.ToolSession.DueCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The server-run tools of one run, and the functions that the model knows them by. */
final class OpenTools implements AutoCloseable {

  /** Of a request that has none. */
  static final OpenTools NONE = new OpenTools(List.of(), ServerTools.NONE);

  private final List<ToolSession> sessions;
  private final Set<Tool> own = new HashSet<>();
  private final ServerTools served;
  private Map<String, Offer> offers = Map.of();
  private Deferral deferral = Deferral.NONE;
  private boolean ready;

  /**
   * A function on offer.
   *
   * @param own its name in the session
   * @param shown as the model sees it
   */
  private record Offer(ToolSession session, String own, FunctionTool shown) {}

  private OpenTools(List<ToolSession> sessions, ServerTools served) {
    this.sessions = sessions;
    this.served = served;
  }

  static OpenTools of(ServerTools tools, Run run) {
    LiveLog log = run.log();
    var engine = run.plan().first().engine();
    ToolContext context = new ToolContext(log.id(), run.request(), log.durable());
    OpenTools open = new OpenTools(tools.open(context, engine), tools);
    List<Tool> asked = run.request().tools() == null ? List.of() : run.request().tools();
    asked.stream().filter(tool -> tools.serve(tool, engine)).forEach(open.own::add);
    return open;
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }

  ToolLimits limits() {
    return served.limits();
  }

  /** What the model sees of a conversation. */
  List<Item> told(List<Item> items, Engine engine) {
    return served.told(items, engine);
  }

  /** Makes ready for a turn, or for calls that a run before this one has left. */
  void prepare(List<Item> conversation, ToolOutputSink output)
      throws InterruptedException, ToolException {
    for (ToolSession session : sessions) {
      session.prepare(conversation, output);
    }
    ready = true;
  }

  /** Tells them what the model is shown in its next turn. */
  void shown(List<Item> items) {
    sessions.forEach(session -> session.shown(items));
  }

  /** Takes marks out of the text of a turn; null if there are none. */
  @Nullable CitationFilter citations() {
    return sessions.stream().anyMatch(ToolSession::cites)
        ? new CitationFilter(this::citation)
        : null;
  }

  private Optional<Citation> citation(String mark) {
    return sessions.stream().flatMap(session -> session.citation(mark).stream()).findFirst();
  }

  /** Whether they have been made ready. */
  boolean isReady() {
    return ready || sessions.isEmpty();
  }

  /**
   * Gathers what is offered now; a name that is taken gets a number.
   *
   * @param conversation says which of those that wait have been loaded
   */
  void offer(CreateResponse request, List<Item> conversation) {
    Set<String> taken = new HashSet<>();
    for (Tool tool : request.tools() == null ? List.<Tool>of() : request.tools()) {
      if (tool instanceof FunctionTool function) {
        taken.add(function.name());
      }
    }
    Map<String, Offer> now = new LinkedHashMap<>();
    List<ToolSession> searching = sessions.stream().filter(ToolSession::searchesTools).toList();
    sessions.stream()
        .filter(session -> !session.searchesTools())
        .forEach(session -> offer(session, now, taken));
    if (!searching.isEmpty()) {
      deferral =
          Deferral.of(request, now.values().stream().map(Offer::shown).toList(), conversation);
      searching.forEach(session -> {
        session.searchable(deferral.tools());
        offer(session, now, taken);
      });
    }
    offers = now;
  }

  private static void offer(ToolSession session, Map<String, Offer> now, Set<String> taken) {
    for (FunctionTool function : session.functions()) {
      String name = free(function.name(), taken);
      taken.add(name);
      now.put(name, new Offer(session, function.name(), named(function, name)));
    }
  }

  private static String free(String name, Set<String> taken) {
    String free = name;
    for (int i = 2; taken.contains(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  private static FunctionTool named(FunctionTool function, String name) {
    return new FunctionTool(
        name,
        function.description(),
        function.parameters(),
        function.strict(),
        function.deferLoading(),
        function.extra());
  }

  /** Whether the server runs this function. */
  boolean has(String function) {
    return offers.containsKey(function);
  }

  /** Who runs a function; null if nobody here does, or not any more. */
  @Nullable ToolSession session(String function) {
    Offer offer = offers.get(function);
    return offer == null ? null : offer.session;
  }

  /** The session's own name of a function. */
  String own(String function) {
    Offer offer = offers.get(function);
    return offer == null ? function : offer.own;
  }

  /** What is due before the model's first turn. */
  Map<DueCall, ToolSession> due(List<Item> conversation) {
    Map<DueCall, ToolSession> due = new LinkedHashMap<>();
    for (ToolSession session : sessions) {
      session.due(conversation).forEach(call -> due.put(call, session));
    }
    return due;
  }

  /** The name by which a session's function is offered. */
  String offered(ToolSession session, String ownName) {
    return offers.entrySet().stream()
        .filter(e -> e.getValue().session.equals(session) && e.getValue().own.equals(ownName))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(ownName);
  }

  /**
   * The request as the engine gets it: functions in place of the tools that are run here.
   *
   * @param first whether it is the model's first turn: later ones may always end without a call, or
   *     they would never end
   * @param mayCall whether there are calls left
   */
  CreateResponse request(CreateResponse request, boolean first, boolean mayCall) {
    if (sessions.isEmpty()) {
      return request;
    }
    List<Tool> asked = request.tools() == null ? List.of() : request.tools();
    List<Tool> tools =
        new ArrayList<>(
            deferral.shown(asked.stream().filter(tool -> !own.contains(tool)).toList()));
    if (mayCall) {
      offers.forEach((name, offer) -> {
        if (!deferral.hides(name)) {
          tools.add(offer.shown.deferLoading() == null ? offer.shown : loaded(offer.shown));
        }
      });
    }
    ObjectNode body = (ObjectNode) Json.toTree(request.withoutInput());
    body.set("tools", Json.toTree(tools));
    ToolChoice choice = first ? choice(request.toolChoice()) : later(request.toolChoice());
    if (choice == null || tools.isEmpty()) {
      body.remove("tool_choice");
    } else {
      body.set("tool_choice", Json.toTree(choice));
    }
    return Json.convertStored(body, CreateResponse.class);
  }

  private static FunctionTool loaded(FunctionTool function) {
    return new FunctionTool(
        function.name(),
        function.description(),
        function.parameters(),
        function.strict(),
        null,
        function.extra());
  }

  private static @Nullable ToolChoice later(@Nullable ToolChoice choice) {
    return choice == ToolChoice.Mode.NONE ? choice : null;
  }

  /** A choice of a server-run tool becomes one of its functions. */
  private @Nullable ToolChoice choice(@Nullable ToolChoice choice) {
    if (choice == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (ToolSession session : sessions) {
      session.chosen(choice).forEach(name -> names.add(offered(session, name)));
    }
    if (names.isEmpty()) {
      return choice;
    }
    return names.size() == 1
        ? new ToolChoice.Function(names.getFirst())
        : new ToolChoice.Allowed(
            ToolChoice.Mode.REQUIRED,
            names.stream()
                .map(name -> new ToolChoice.AllowedTool("function", name, null, Map.of()))
                .toList());
  }

  @Override
  public void close() {
    sessions.forEach(ToolSession::close);
  }
}
