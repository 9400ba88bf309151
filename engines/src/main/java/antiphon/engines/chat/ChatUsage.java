package antiphon.engines.chat;

import antiphon.protocol.response.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The engine's usage in ours. */
final class ChatUsage {

  private ChatUsage() {}

  /**
   * Reads the usage of a chunk.
   *
   * @return null if it carries none
   */
  static @Nullable Usage of(JsonNode chunk) {
    JsonNode usage = chunk.path("usage");
    if (!usage.isObject() || !usage.path("prompt_tokens").isNumber()) {
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
            chunk.path("timings").path("cache_n"));
    return Usage.of(
        usage.path("prompt_tokens").asInt(0),
        cached,
        usage.path("completion_tokens").asInt(0),
        reasoning);
  }

  private static int first(JsonNode... candidates) {
    for (JsonNode candidate : candidates) {
      if (candidate.isInt()) {
        return candidate.asInt();
      }
    }
    return 0;
  }
}
