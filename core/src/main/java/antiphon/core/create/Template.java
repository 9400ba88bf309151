package antiphon.core.create;

import antiphon.core.store.StoredResponse;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.ConversationRef;
import antiphon.protocol.response.Reasoning;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.TextConfig;
import antiphon.protocol.response.TextFormat;
import antiphon.protocol.response.Truncation;
import antiphon.protocol.response.Usage;
import antiphon.protocol.response.Verbosity;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The part of a response that its request determines: everything but status, output and usage.
 * Fields that the request leaves out show the defaults of the API's page.
 */
public final class Template {

  /** Hints that the server has no use for and that a response shows as they came. */
  private static final Set<String> SHOWN =
      Set.of("access_programs", "image", "prompt_cache_options");

  /** What the page's example shows when a request names none. */
  static final int DEFAULT_MAX_TOOL_CALLS = 30;

  private static final TypeReference<Map<String, String>> METADATA = new TypeReference<>() {};

  private Template() {}

  /** The template of a stored response; where its log begins. */
  public static Response of(StoredResponse stored) {
    CreateResponse request = Json.readStored(stored.request(), CreateResponse.class);
    Map<String, String> metadata = Json.readStored(stored.metadata(), METADATA);
    return of(stored.id().value(), stored.createdAt(), stored.model(), request, metadata);
  }

  /**
   * The template of a new response.
   *
   * @param createdAt milliseconds since 1970
   * @param model the model that serves it, where the request may say {@code auto}
   */
  public static Response of(
      String id,
      long createdAt,
      String model,
      CreateResponse request,
      Map<String, String> metadata) {
    boolean background = or(request.background(), false);
    return Response.builder()
        .id(id)
        .createdAt(createdAt / 1000)
        .status(background ? ResponseStatus.QUEUED : ResponseStatus.IN_PROGRESS)
        .background(background)
        .instructions(request.instructions())
        .maxOutputTokens(request.maxOutputTokens())
        .maxToolCalls(or(request.maxToolCalls(), DEFAULT_MAX_TOOL_CALLS))
        .metadata(metadata)
        .model(model)
        .output(List.of())
        .parallelToolCalls(or(request.parallelToolCalls(), true))
        .previousResponseId(request.previousResponseId())
        .conversation(conversation(request))
        .prompt(request.prompt())
        .store(or(request.store(), true))
        .text(text(request.text()))
        .toolChoice(or(request.toolChoice(), ToolChoice.Mode.AUTO))
        .tools(tools(request.tools()))
        .truncation(or(request.truncation(), Truncation.AUTO))
        .usage(Usage.ZERO)
        .user(request.user())
        .reasoning(or(request.reasoning(), new Reasoning(null, null)))
        .serviceTier(or(request.serviceTier(), AskedTier.AUTO))
        .temperature(or(request.temperature(), 1.0))
        .topP(or(request.topP(), 1.0))
        .presencePenalty(or(request.presencePenalty(), 0.0))
        .frequencyPenalty(or(request.frequencyPenalty(), 0.0))
        .topLogprobs(or(request.topLogprobs(), 0))
        .promptCacheKey(request.promptCacheKey())
        .safetyIdentifier(request.safetyIdentifier())
        .promptCacheRetention(request.promptCacheRetention())
        .moderation(request.moderation())
        .extra(shown(request.extra()))
        .build();
  }

  private static @Nullable ConversationRef conversation(CreateResponse request) {
    String id = ContextSource.conversation(request);
    return id == null ? null : new ConversationRef(id);
  }

  private static Map<String, JsonNode> shown(Map<String, JsonNode> extra) {
    if (extra.isEmpty()) {
      return extra;
    }
    Map<String, JsonNode> shown = new LinkedHashMap<>(extra);
    shown.keySet().retainAll(SHOWN);
    return shown;
  }

  private static List<Tool> tools(@Nullable List<Tool> tools) {
    return or(tools, List.<Tool>of()).stream()
        .map(ToolSecrets::shown)
        .map(tool -> tool instanceof FunctionTool function ? function.shown() : tool)
        .toList();
  }

  private static TextConfig text(@Nullable TextConfig text) {
    if (text == null) {
      return new TextConfig(new TextFormat.Text(), Verbosity.MEDIUM);
    }
    return new TextConfig(
        or(text.format(), new TextFormat.Text()), or(text.verbosity(), Verbosity.MEDIUM));
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
