package antiphon.core.create;

import antiphon.core.response.Rejected;
import antiphon.protocol.item.Item;
import antiphon.protocol.prompt.PromptReference;
import antiphon.protocol.request.CompactResponse;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.Input;
import antiphon.protocol.response.TextFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for a create request that its types do not tell: ranges, lengths, fields that go or do
 * not go together, and what this server does not do. The ranges are those of the API's page.
 */
public final class CreateRules {

  private static final Pattern SCHEMA_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final int MAX_STOPS = 16;
  private static final int MAX_FALLBACKS = 5;

  private CreateRules() {}

  /**
   * Checks a request.
   *
   * @throws Rejected naming the first field that breaks a rule
   */
  public static void check(CreateResponse request) {
    Rules.name("model", request.model(), 1, 512);
    Rules.name("previous_response_id", request.previousResponseId(), 1, 512);
    prompt(request.prompt());
    sampling(request);
    limits(request);
    texts(request);
    Rules.metadata(request.metadata());
    format(request);
    state(request);
    notServed(request);
    ToolRules.check(request);
    InputRules.check(request);
  }

  /** Checks a request to compact. */
  public static void check(CompactResponse request) {
    Rules.name("model", request.model(), 1, 512);
    Rules.name("previous_response_id", request.previousResponseId(), 1, 512);
    if (request.input() == null && request.previousResponseId() == null) {
      throw Rejected.invalid("input", "Missing required parameter: 'input'.");
    }
    if (request.input() instanceof Input.Items(List<Item> items)) {
      Rules.size("input", items, InputRules.MAX_ITEMS);
      InputRules.check("input", items);
    }
  }

  /** Checks metadata on its own: at most 16 pairs, 64 and 512 characters. */
  public static void metadata(Map<String, String> metadata) {
    Rules.metadata(metadata);
  }

  /** Checks items that are to be kept, each named by its place in a field. */
  public static void items(String field, List<Item> items) {
    InputRules.check(field, items);
  }

  private static void prompt(@Nullable PromptReference prompt) {
    if (prompt != null) {
      Rules.name("prompt.id", prompt.id(), 1, 256);
      Rules.name("prompt.version", prompt.version(), 1, 16);
    }
  }

  private static void sampling(CreateResponse request) {
    Rules.range("temperature", request.temperature(), 0, 2);
    Rules.range("top_p", request.topP(), 0, 1);
    Rules.range("top_logprobs", request.topLogprobs(), 0, 20);
    Rules.range("presence_penalty", request.presencePenalty(), -2, 2);
    Rules.range("frequency_penalty", request.frequencyPenalty(), -2, 2);
    Rules.range("min_p", request.minP(), 0, 1);
    Rules.atLeast("top_k", request.topK(), -1);
    Double repetition = request.repetitionPenalty();
    if (repetition != null && !(repetition > 0 && repetition <= 100)) {
      throw Rejected.invalid(
          "repetition_penalty",
          "Invalid 'repetition_penalty': must be above 0 and at most 100, but was "
              + repetition
              + ".");
    }
    List<String> stop = request.stop() == null ? null : request.stop().texts();
    Rules.size("stop", stop, MAX_STOPS);
    if (stop != null) {
      for (int i = 0; i < stop.size(); i++) {
        Rules.length("stop[" + i + "]", stop.get(i), 1, 512);
      }
    }
  }

  private static void limits(CreateResponse request) {
    Rules.atLeast("max_output_tokens", request.maxOutputTokens(), 1);
    Rules.range("max_tool_calls", request.maxToolCalls(), 1, 300);
    List<String> fallbacks = request.fallbackModels();
    Rules.size("fallback_models", fallbacks, MAX_FALLBACKS);
    for (int i = 0; fallbacks != null && i < fallbacks.size(); i++) {
      Rules.name("fallback_models[" + i + "]", fallbacks.get(i), 1, 512);
    }
  }

  private static void texts(CreateResponse request) {
    Rules.name("user", request.user(), 0, 512);
    Rules.name("safety_identifier", request.safetyIdentifier(), 0, 512);
    Rules.name("prompt_cache_key", request.promptCacheKey(), 0, 512);
  }

  private static void format(CreateResponse request) {
    if (request.text() != null
        && request.text().format() instanceof TextFormat.JsonSchema schema
        && !SCHEMA_NAME.matcher(schema.name()).matches()) {
      throw Rejected.invalid(
          "text.format.name",
          "Invalid 'text.format.name': must have 1 to 64 letters, digits, '_' or '-'.");
    }
  }

  private static void state(CreateResponse request) {
    boolean background = Boolean.TRUE.equals(request.background());
    onlyInBackground("webhook_url", request.webhookUrl(), background);
    onlyInBackground("webhook_secret", request.webhookSecret(), background);
    if (Boolean.TRUE.equals(request.streamEvents())) {
      onlyInBackground("stream_events", true, background);
    }
    if (ContextSource.of(request) instanceof ContextSource.Conversation
        && Boolean.FALSE.equals(request.store())) {
      throw Rejected.invalid(
          "store", "A response in a 'conversation' is stored: 'store' must not be false.");
    }
  }

  private static void onlyInBackground(String param, @Nullable Object value, boolean background) {
    if (value != null && !background) {
      throw Rejected.invalid(param, "'" + param + "' needs 'background' to be true.");
    }
  }

  private static void notServed(CreateResponse request) {
    Rules.unsupported("webhook_url", request.webhookUrl());
    Rules.unsupported("webhook_secret", request.webhookSecret());
    Rules.unsupported("audio", request.audio());
    ContextManagement.check(request);
    if (request.modalities() != null
        && request.modalities().contains(CreateResponse.Modality.AUDIO)) {
      throw Rejected.invalid("modalities", "'modalities' audio is not supported by this server.");
    }
  }
}
