package antiphon.engines.chat;

import antiphon.protocol.response.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The engine's usage in ours. Figures that are missing or odd are taken from what it told before,
 * and are estimated at the end where it never told any.
 */
final class ChatUsage {

  /** Sums of a few of these stay integers. */
  private static final double MOST = 500_000_000;

  private ChatUsage() {}

  /**
   * Reads the usage of a chunk.
   *
   * @param before what was told so far, or null
   * @return null if it carries none
   */
  static @Nullable Usage of(JsonNode chunk, @Nullable Usage before) {
    JsonNode usage = usage(chunk);
    int input = first(usage.path("prompt_tokens"), usage.path("input_tokens"));
    int output = first(usage.path("completion_tokens"), usage.path("output_tokens"));
    if (input < 0 && output < 0) {
      return null;
    }
    int reasoning =
        first(
            usage.path("completion_tokens_details").path("reasoning_tokens"),
            usage.path("reasoning_tokens"));
    int cached =
        first(
            usage.path("prompt_tokens_details").path("cached_tokens"),
            usage.path("prompt_cache_hit_tokens"),
            usage.path("cached_tokens"),
            usage.path("num_cached_tokens"),
            chunk.path("timings").path("cache_n"));
    return Usage.of(
        input >= 0 ? input : before == null ? 0 : before.inputTokens(),
        Math.max(0, cached),
        output >= 0 ? output : before == null ? 0 : before.outputTokens(),
        Math.max(0, reasoning));
  }

  /** The usage of a whole turn: what was told, and estimates for what was not. */
  static Usage filled(@Nullable Usage told, int estimatedInput, int deltas) {
    if (told == null) {
      return Usage.of(estimatedInput, deltas);
    }
    if (told.inputTokens() > 0 && (told.outputTokens() > 0 || deltas == 0)) {
      return told;
    }
    return Usage.of(
        told.inputTokens() > 0 ? told.inputTokens() : estimatedInput,
        told.inputTokensDetails().cachedTokens(),
        told.outputTokens() > 0 ? told.outputTokens() : deltas,
        told.outputTokensDetails().reasoningTokens());
  }

  /** Groq has put it elsewhere, and Moonshot into the choice. */
  private static JsonNode usage(JsonNode chunk) {
    JsonNode usage = chunk.path("usage");
    if (usage.isObject()) {
      return usage;
    }
    JsonNode inner = chunk.path("choices").path(0).path("usage");
    return inner.isObject() ? inner : chunk.path("x_groq").path("usage");
  }

  /** The first that is a count; below 0 if none is. */
  private static int first(JsonNode... candidates) {
    for (JsonNode candidate : candidates) {
      if (candidate.isNumber()) {
        double count = candidate.asDouble();
        if (count >= 0 && count <= MOST) {
          return (int) count;
        }
      }
    }
    return -1;
  }
}
