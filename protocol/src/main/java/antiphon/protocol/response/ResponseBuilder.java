package antiphon.protocol.response;

import antiphon.protocol.item.Item;
import antiphon.protocol.prompt.PromptReference;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Builds a {@link Response}, field by field. */
public final class ResponseBuilder {

  private @Nullable String id;
  private long createdAt;
  private @Nullable ResponseStatus status;
  private @Nullable Long completedAt;
  private @Nullable ResponseError error;
  private @Nullable IncompleteDetails incompleteDetails;
  private boolean background;
  private @Nullable Instructions instructions;
  private @Nullable Long maxOutputTokens;
  private @Nullable Integer maxToolCalls;
  private @Nullable Map<String, String> metadata;
  private @Nullable String model;
  private @Nullable List<Item> output;
  private boolean parallelToolCalls;
  private @Nullable String previousResponseId;
  private boolean store;
  private @Nullable TextConfig text;
  private @Nullable ToolChoice toolChoice;
  private @Nullable List<Tool> tools;
  private @Nullable Truncation truncation;
  private @Nullable Usage usage;
  private @Nullable String user;
  private double temperature;
  private double topP;
  private double presencePenalty;
  private double frequencyPenalty;
  private int topLogprobs;
  private @Nullable AskedTier serviceTier;
  private @Nullable Reasoning reasoning;
  private @Nullable ConversationRef conversation;
  private @Nullable PromptReference prompt;
  private @Nullable String promptCacheKey;
  private @Nullable String safetyIdentifier;
  private @Nullable JsonNode promptCacheRetention;
  private @Nullable JsonNode moderation;
  private @Nullable String resolvedModel;
  private @Nullable String resolvedProvider;
  private Map<String, JsonNode> extra = Map.of();

  ResponseBuilder() {}

  ResponseBuilder(Response from) {
    id = from.id();
    createdAt = from.createdAt();
    status = from.status();
    completedAt = from.completedAt();
    error = from.error();
    incompleteDetails = from.incompleteDetails();
    background = from.background();
    instructions = from.instructions();
    maxOutputTokens = from.maxOutputTokens();
    maxToolCalls = from.maxToolCalls();
    metadata = from.metadata();
    model = from.model();
    output = from.output();
    parallelToolCalls = from.parallelToolCalls();
    previousResponseId = from.previousResponseId();
    store = from.store();
    text = from.text();
    toolChoice = from.toolChoice();
    tools = from.tools();
    truncation = from.truncation();
    usage = from.usage();
    user = from.user();
    temperature = from.temperature();
    topP = from.topP();
    presencePenalty = from.presencePenalty();
    frequencyPenalty = from.frequencyPenalty();
    topLogprobs = from.topLogprobs();
    serviceTier = from.serviceTier();
    reasoning = from.reasoning();
    conversation = from.conversation();
    prompt = from.prompt();
    promptCacheKey = from.promptCacheKey();
    safetyIdentifier = from.safetyIdentifier();
    promptCacheRetention = from.promptCacheRetention();
    moderation = from.moderation();
    resolvedModel = from.resolvedModel();
    resolvedProvider = from.resolvedProvider();
    extra = from.extra();
  }

  public ResponseBuilder id(String value) {
    id = value;
    return this;
  }

  public ResponseBuilder createdAt(long value) {
    createdAt = value;
    return this;
  }

  public ResponseBuilder status(ResponseStatus value) {
    status = value;
    return this;
  }

  public ResponseBuilder completedAt(@Nullable Long value) {
    completedAt = value;
    return this;
  }

  public ResponseBuilder error(@Nullable ResponseError value) {
    error = value;
    return this;
  }

  public ResponseBuilder incompleteDetails(@Nullable IncompleteDetails value) {
    incompleteDetails = value;
    return this;
  }

  public ResponseBuilder background(boolean value) {
    background = value;
    return this;
  }

  public ResponseBuilder instructions(@Nullable Instructions value) {
    instructions = value;
    return this;
  }

  public ResponseBuilder maxOutputTokens(@Nullable Long value) {
    maxOutputTokens = value;
    return this;
  }

  public ResponseBuilder maxToolCalls(@Nullable Integer value) {
    maxToolCalls = value;
    return this;
  }

  public ResponseBuilder metadata(Map<String, String> value) {
    metadata = value;
    return this;
  }

  public ResponseBuilder model(String value) {
    model = value;
    return this;
  }

  public ResponseBuilder output(List<Item> value) {
    output = value;
    return this;
  }

  public ResponseBuilder parallelToolCalls(boolean value) {
    parallelToolCalls = value;
    return this;
  }

  public ResponseBuilder previousResponseId(@Nullable String value) {
    previousResponseId = value;
    return this;
  }

  public ResponseBuilder store(boolean value) {
    store = value;
    return this;
  }

  public ResponseBuilder text(TextConfig value) {
    text = value;
    return this;
  }

  public ResponseBuilder toolChoice(ToolChoice value) {
    toolChoice = value;
    return this;
  }

  public ResponseBuilder tools(List<Tool> value) {
    tools = value;
    return this;
  }

  public ResponseBuilder truncation(Truncation value) {
    truncation = value;
    return this;
  }

  public ResponseBuilder usage(Usage value) {
    usage = value;
    return this;
  }

  public ResponseBuilder user(@Nullable String value) {
    user = value;
    return this;
  }

  public ResponseBuilder temperature(double value) {
    temperature = value;
    return this;
  }

  public ResponseBuilder topP(double value) {
    topP = value;
    return this;
  }

  public ResponseBuilder presencePenalty(double value) {
    presencePenalty = value;
    return this;
  }

  public ResponseBuilder frequencyPenalty(double value) {
    frequencyPenalty = value;
    return this;
  }

  public ResponseBuilder topLogprobs(int value) {
    topLogprobs = value;
    return this;
  }

  public ResponseBuilder serviceTier(AskedTier value) {
    serviceTier = value;
    return this;
  }

  public ResponseBuilder reasoning(Reasoning value) {
    reasoning = value;
    return this;
  }

  public ResponseBuilder conversation(@Nullable ConversationRef value) {
    conversation = value;
    return this;
  }

  public ResponseBuilder prompt(@Nullable PromptReference value) {
    prompt = value;
    return this;
  }

  public ResponseBuilder promptCacheKey(@Nullable String value) {
    promptCacheKey = value;
    return this;
  }

  public ResponseBuilder promptCacheRetention(@Nullable JsonNode value) {
    promptCacheRetention = value;
    return this;
  }

  public ResponseBuilder moderation(@Nullable JsonNode value) {
    moderation = value;
    return this;
  }

  public ResponseBuilder safetyIdentifier(@Nullable String value) {
    safetyIdentifier = value;
    return this;
  }

  public ResponseBuilder resolvedModel(@Nullable String value) {
    resolvedModel = value;
    return this;
  }

  public ResponseBuilder resolvedProvider(@Nullable String value) {
    resolvedProvider = value;
    return this;
  }

  public ResponseBuilder extra(Map<String, JsonNode> value) {
    extra = value;
    return this;
  }

  /**
   * The response.
   *
   * @throws NullPointerException naming a required field that was not set
   */
  public Response build() {
    return new Response(
        Objects.requireNonNull(id, "id"),
        createdAt,
        Objects.requireNonNull(status, "status"),
        completedAt,
        error,
        incompleteDetails,
        background,
        instructions,
        maxOutputTokens,
        maxToolCalls,
        Objects.requireNonNull(metadata, "metadata"),
        Objects.requireNonNull(model, "model"),
        Objects.requireNonNull(output, "output"),
        parallelToolCalls,
        previousResponseId,
        store,
        Objects.requireNonNull(text, "text"),
        Objects.requireNonNull(toolChoice, "tool_choice"),
        Objects.requireNonNull(tools, "tools"),
        Objects.requireNonNull(truncation, "truncation"),
        Objects.requireNonNull(usage, "usage"),
        user,
        temperature,
        topP,
        presencePenalty,
        frequencyPenalty,
        topLogprobs,
        Objects.requireNonNull(serviceTier, "service_tier"),
        Objects.requireNonNull(reasoning, "reasoning"),
        conversation,
        prompt,
        promptCacheKey,
        safetyIdentifier,
        promptCacheRetention,
        moderation,
        resolvedModel,
        resolvedProvider,
        extra);
  }
}
