package antiphon.core.service;

import antiphon.core.conversation.ConversationId;
import antiphon.core.create.CompactedHistory;
import antiphon.core.create.ContextSource;
import antiphon.core.create.Conversations;
import antiphon.core.create.Conversations.Conversation;
import antiphon.core.create.InputItems;
import antiphon.core.create.Template;
import antiphon.core.create.ToolSecrets;
import antiphon.core.engine.DeferredTool;
import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Engines;
import antiphon.core.engine.Plan;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.log.ResponseState;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.run.RunnerSettings;
import antiphon.core.tool.ServerTools;
import antiphon.core.trace.TraceScope;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Response;
import antiphon.protocol.tool.Tool;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Looks at a request until nothing but its place is missing; writes nothing. */
final class Preparation {

  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

  private final RunnerSettings settings;
  private final InstantSource clock;
  private final Engines engines;
  private final Conversations conversations;
  private final ServerTools tools;
  private final ToolSecrets secrets;
  private final Ids ids;

  Preparation(
      RunnerSettings settings,
      InstantSource clock,
      Engines engines,
      Conversations conversations,
      ServerTools tools,
      ToolSecrets secrets) {
    this.settings = settings;
    this.clock = clock;
    this.engines = engines;
    this.conversations = conversations;
    this.tools = tools;
    this.secrets = secrets;
    this.ids = new Ids(clock);
  }

  /** The response that a checked request asks for. */
  Prepared prepare(Owner owner, CreateResponse request) throws InterruptedException {
    Plan plan = plan(request);
    List<String> leftOut = leftOut(request, plan);
    tools.refuses(owner, request, plan.first().engine()).ifPresent(Preparation::refuse);
    ResponseId id = new ResponseId(owner, ids.response());
    List<Item> input = InputItems.of(id.value(), request.input());
    byte[] inputJson = Json.bytes(input);
    Conversation conversation =
        conversations.of(owner, ContextSource.of(request), input, inputJson.length);
    Turn turn = turn(request, plan.first(), conversation);
    plan.first().refuses(turn).ifPresent(Preparation::refuse);
    if (!leftOut.isEmpty()) {
      LOG.info("{}: tools that nobody here runs are left out: {}", id, leftOut);
    }
    ResponseState state = state(id, plan.first(), request);
    String into = ContextSource.conversation(request);
    return new Prepared(
        id,
        into == null ? null : new ConversationId(owner, into),
        request,
        kept(owner, request),
        plan,
        conversation,
        into == null ? inputJson : Json.bytes(conversation.joining()),
        state,
        TraceScope.current());
  }

  private Turn turn(CreateResponse request, Route route, Conversation conversation) {
    List<Item> items =
        tools.told(CompactedHistory.withoutTriggers(conversation.items()), route.engine());
    return new Turn(request, route.model(), items, null);
  }

  /** Nobody goes on with what is not in the background. */
  private CreateResponse kept(Owner owner, CreateResponse request) {
    return Boolean.TRUE.equals(request.background())
        ? secrets.sealed(owner, request.withoutInput())
        : ToolSecrets.without(request.withoutInput());
  }

  private ResponseState state(ResponseId id, Route route, CreateResponse request) {
    long now = clock.millis();
    Response template =
        Template.of(id.value(), now, route.name(), request, Prepared.metadata(request));
    return new ResponseState(
        id,
        template.toBuilder()
            .resolvedModel(route.model())
            .resolvedProvider(route.engine().name())
            .build(),
        0);
  }

  /** How many tokens the input of this request would have; nothing is made. */
  int countInputTokens(Owner owner, CreateResponse request) throws InterruptedException {
    Prepared made = prepare(owner, request);
    Route route = made.plan().first();
    CreateResponse shown = shown(request);
    Turn turn = turn(shown, route, made.conversation());
    try {
      Optional<Integer> counted = route.engine().countInputTokens(turn);
      return counted.orElseGet(() -> made.conversation().estimatedTokens() + around(shown));
    } catch (EngineException e) {
      throw new Rejected(e.problem());
    }
  }

  /** Without the tools that wait until a search has loaded them. */
  private static CreateResponse shown(CreateResponse request) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    List<Tool> shown = DeferredTool.shownAtFirst(tools);
    if (shown.size() == tools.size() && shown.equals(tools)) {
      return request;
    }
    ObjectNode body = (ObjectNode) Json.toTree(request);
    body.set("tools", Json.toTree(shown));
    return Json.convertStored(body, CreateResponse.class);
  }

  /** The types of the tools that a request is served without. */
  List<String> leftOut(CreateResponse request) {
    return leftOut(request, plan(request));
  }

  private List<String> leftOut(CreateResponse request, Plan plan) {
    Engine engine = plan.first().engine();
    return settings
        .unavailable()
        .leftOut(request, tool -> engine.runs(tool) || tools.serve(tool, engine), engine::runs);
  }

  /** About how many tokens go along beside the conversation. */
  private static int around(CreateResponse request) {
    int bytes = request.instructions() == null ? 0 : Json.bytes(request.instructions()).length;
    bytes += request.tools() == null ? 0 : Json.bytes(request.tools()).length;
    return bytes / Conversations.BYTES_PER_TOKEN;
  }

  private Plan plan(CreateResponse request) {
    List<String> fallbacks =
        request.fallbackModels() == null ? List.of() : request.fallbackModels();
    for (int i = 0; i < fallbacks.size(); i++) {
      if (engines.route(fallbacks.get(i)).isEmpty()) {
        throw unknownModel(fallbacks.get(i), "fallback_models[" + i + "]");
      }
    }
    return engines
        .plan(request.model(), fallbacks)
        .orElseThrow(() -> unknownModel(request.model(), "model"));
  }

  static Rejected unknownModel(String model, String param) {
    return new Rejected(
        new Problem.Invalid("The model '" + model + "' does not exist.", param, "model_not_found"));
  }

  private static void refuse(Engine.Refusal refusal) {
    throw Rejected.invalid(refusal.param(), refusal.message());
  }
}
