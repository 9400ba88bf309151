package antiphon.engines.responses;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The engine's usage in ours: what can be read of it, estimates for the rest. */
final class ResponsesUsage {

  private ResponsesUsage() {}

  /**
   * Reads it.
   *
   * @param estimatedInput tokens, where it tells none
   * @param deltas as many output tokens at least, where it tells none
   */
  static Usage of(JsonNode usage, int estimatedInput, int deltas) {
    if (isCount(usage.path("input_tokens")) && isCount(usage.path("output_tokens"))) {
      Usage whole = whole(usage);
      if (whole != null) {
        return whole;
      }
    }
    int input = count(usage.path("input_tokens"), usage.path("prompt_tokens"));
    int output = count(usage.path("output_tokens"), usage.path("completion_tokens"));
    return Usage.of(
        input < 0 ? estimatedInput : input,
        Math.max(0, count(usage.path("input_tokens_details").path("cached_tokens"))),
        output < 0 ? deltas : output,
        Math.max(0, count(usage.path("output_tokens_details").path("reasoning_tokens"))));
  }

  private static @Nullable Usage whole(JsonNode usage) {
    try {
      Usage read = Json.convert(usage, Usage.class);
      return read.totalTokens() > 0
          ? read
          : new Usage(
              read.inputTokens(),
              read.inputTokensDetails(),
              read.outputTokens(),
              read.outputTokensDetails(),
              read.inputTokens() + read.outputTokens());
    } catch (InvalidJson _) {
      return null;
    }
  }

  private static int count(JsonNode... candidates) {
    for (JsonNode candidate : candidates) {
      if (isCount(candidate)) {
        return (int) candidate.asDouble();
      }
    }
    return -1;
  }

  private static boolean isCount(JsonNode node) {
    return node.isNumber() && node.asDouble() >= 0 && node.asDouble() <= 500_000_000;
  }
}
