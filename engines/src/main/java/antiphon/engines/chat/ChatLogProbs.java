package antiphon.engines.chat;

import antiphon.protocol.content.LogProb;
import antiphon.protocol.content.TopLogProb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Log probabilities as engines tell them. What cannot be read is left out, never the text. */
final class ChatLogProbs {

  /** What OpenAI says of a token that has hardly any probability; JSON has no infinity. */
  private static final double LEAST = -9999.0;

  private ChatLogProbs() {}

  /** One token's; null if there is no token or no number. */
  static @Nullable LogProb of(JsonNode entry) {
    String token = token(entry);
    Double logprob = number(entry.path("logprob"));
    if (token == null || logprob == null) {
      return null;
    }
    List<TopLogProb> top = new ArrayList<>();
    for (JsonNode candidate : entry.path("top_logprobs")) {
      String other = token(candidate);
      Double itsLogprob = number(candidate.path("logprob"));
      if (other != null && itsLogprob != null) {
        top.add(new TopLogProb(other, itsLogprob, bytes(candidate)));
      }
    }
    return new LogProb(token, logprob, bytes(entry), top);
  }

  private static @Nullable String token(JsonNode entry) {
    return entry.path("token").isString() ? entry.path("token").asString() : null;
  }

  private static @Nullable Double number(JsonNode node) {
    if (node.isNumber()) {
      double value = node.asDouble();
      if (Double.isFinite(value)) {
        return value;
      }
      return value < 0 ? Double.valueOf(LEAST) : null;
    }
    return node.asString("").strip().startsWith("-Inf") ? Double.valueOf(LEAST) : null;
  }

  private static List<Integer> bytes(JsonNode entry) {
    List<Integer> bytes = new ArrayList<>();
    for (JsonNode one : entry.path("bytes")) {
      if (!one.isInt() || one.asInt() < 0 || one.asInt() > 255) {
        return List.of();
      }
      bytes.add(one.asInt());
    }
    return bytes;
  }
}
