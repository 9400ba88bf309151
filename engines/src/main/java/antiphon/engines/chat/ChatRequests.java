package antiphon.engines.chat;

import antiphon.core.engine.Turn;
import antiphon.engines.upstream.BodyFields;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Effort;
import antiphon.protocol.response.TextFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Translates a turn into the body of {@code POST /chat/completions}. Pure. Whatever has no
 * counterpart has been refused before, see {@link ChatRefusals}. Fields that the request leaves out
 * are left out, so that the engine's own defaults count.
 */
final class ChatRequests {

  /** What {@code extra_body} must not touch: the translation itself depends on it. */
  static final Set<String> OURS =
      Set.of("model", "messages", "stream", "stream_options", "n", "tools", "tool_choice");

  private final ChatSettings settings;

  ChatRequests(ChatSettings settings) {
    this.settings = settings;
  }

  /**
   * The whole body.
   *
   * @param stream whether the answer is asked for as a stream
   */
  ObjectNode of(Turn turn, boolean stream) {
    CreateResponse request = turn.request();
    ObjectNode body = object();
    body.put("model", turn.model());
    ArrayNode messages = new ChatMessages(settings).of(turn);
    body.set("messages", settings.dialect().plain() ? PlainMessages.of(messages) : messages);
    body.put("stream", stream);
    if (stream) {
      ObjectNode options = body.putObject("stream_options").put("include_usage", true);
      if (settings.dialect().continuousUsage()) {
        options.put("continuous_usage_stats", true);
      }
    }
    ChatTools.put(body, turn);
    Updates updates = Updates.of(request, turn.items());
    format(body, updates.format());
    limit(body, request.maxOutputTokens());
    sampling(body, request);
    logprobs(body, request);
    hints(body, request, updates.effort());
    continuation(body, turn);
    BodyFields.mend(body, settings.dialect().omit(), settings.dialect().rename());
    settings.extraBody().forEach(body::set);
    extra(body, request);
    return body;
  }

  private static void format(ObjectNode body, @Nullable TextFormat asked) {
    switch (asked) {
      case null -> {}
      case TextFormat.Text _ -> {}
      case TextFormat.JsonObject _ -> body.putObject("response_format").put("type", "json_object");
      case TextFormat.JsonSchema schema -> {
        ObjectNode format = body.putObject("response_format").put("type", "json_schema");
        ObjectNode inner = format.putObject("json_schema").put("name", schema.name());
        putIfGiven(inner, "description", schema.description());
        inner.set("schema", Json.toTree(schema.schema()));
        putIfGiven(inner, "strict", schema.strict());
      }
    }
  }

  private void limit(ObjectNode body, @Nullable Long maxOutputTokens) {
    if (maxOutputTokens == null) {
      return;
    }
    switch (settings.maxTokens()) {
      case MAX_TOKENS -> body.put("max_tokens", maxOutputTokens);
      case MAX_COMPLETION_TOKENS -> body.put("max_completion_tokens", maxOutputTokens);
      case BOTH -> {
        body.put("max_tokens", maxOutputTokens);
        body.put("max_completion_tokens", maxOutputTokens);
      }
    }
  }

  private static void sampling(ObjectNode body, CreateResponse request) {
    putIfGiven(body, "temperature", request.temperature());
    putIfGiven(body, "top_p", request.topP());
    putIfGiven(body, "top_k", request.topK());
    putIfGiven(body, "min_p", request.minP());
    putIfGiven(body, "repetition_penalty", request.repetitionPenalty());
    putIfGiven(body, "presence_penalty", request.presencePenalty());
    putIfGiven(body, "frequency_penalty", request.frequencyPenalty());
    putIfGiven(body, "seed", request.seed());
    if (request.stop() != null && !request.stop().texts().isEmpty()) {
      body.set("stop", Json.toTree(request.stop().texts()));
    }
    // Not to sample is to take the likeliest token: temperature 0 everywhere.
    if (Boolean.FALSE.equals(request.doSample())) {
      body.put("temperature", 0.0);
    }
  }

  private static void logprobs(ObjectNode body, CreateResponse request) {
    boolean included =
        request.include() != null && request.include().contains(CreateResponse.Include.LOGPROBS);
    Integer top = request.topLogprobs();
    if (included || (top != null && top > 0)) {
      body.put("logprobs", true);
      putIfGiven(body, "top_logprobs", top);
    }
  }

  private void hints(ObjectNode body, CreateResponse request, @Nullable Effort effort) {
    if (effort != null) {
      putIfGiven(body, "reasoning_effort", settings.dialect().effort(effort.wire()));
    }
    if (request.chatTemplateKwargs() != null) {
      body.set("chat_template_kwargs", Json.toTree(request.chatTemplateKwargs()));
    }
    hint(body, "user", request.user());
    hint(body, "prompt_cache_key", request.promptCacheKey());
    hint(body, "prompt_cache_retention", request.promptCacheRetention());
    hint(body, "safety_identifier", request.safetyIdentifier());
    hint(body, "service_tier", request.serviceTier());
    hint(body, "verbosity", request.text() == null ? null : request.text().verbosity());
  }

  private void hint(ObjectNode body, String name, @Nullable Object value) {
    if (settings.dialect().hints().contains(name)) {
      putIfGiven(body, name, value);
    }
  }

  private static void continuation(ObjectNode body, Turn turn) {
    if (turn.continuation() != null) {
      body.put("continue_final_message", true);
      body.put("add_generation_prompt", false);
    }
  }

  private static void extra(ObjectNode body, CreateResponse request) {
    if (request.extraBody() != null) {
      request
          .extraBody()
          .forEach((name, value) -> {
            if (!OURS.contains(name)) {
              body.set(name, value);
            }
          });
    }
  }

  private static void putIfGiven(ObjectNode body, String name, @Nullable Object value) {
    if (value != null) {
      body.set(name, Json.toTree(value));
    }
  }

  static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  static ArrayNode array() {
    return Json.mapper().createArrayNode();
  }

  static JsonNode string(String text) {
    return Json.toTree(text);
  }
}
