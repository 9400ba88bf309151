package antiphon.core.create;

import antiphon.core.response.Rejected;
import antiphon.protocol.request.CreateResponse;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request says about a context that grows. The API knows one kind of entry, {@code
 * compaction}, with the number of tokens from which on the context is compacted.
 */
public final class ContextManagement {

  private static final String FIELD = "context_management";

  /** The smallest threshold that the API takes, in tokens. */
  private static final long LEAST = 1000;

  private ContextManagement() {}

  /** Checks the field. */
  static void check(CreateResponse request) {
    List<JsonNode> entries = request.contextManagement();
    Rules.size(FIELD, entries, 1);
    for (int i = 0; entries != null && i < entries.size(); i++) {
      check(FIELD + "[" + i + "]", entries.get(i));
    }
  }

  private static void check(String param, JsonNode entry) {
    String type = entry.path("type").asString("");
    if (!type.equals("compaction")) {
      throw Rejected.invalid(
          param + ".type", "Invalid '" + param + ".type': must be 'compaction'.");
    }
    JsonNode threshold = entry.path("compact_threshold");
    boolean given = !threshold.isMissingNode() && !threshold.isNull();
    if (given && !(threshold.isIntegralNumber() && threshold.asLong(0) >= LEAST)) {
      throw Rejected.invalid(
          param + ".compact_threshold",
          "Invalid '"
              + param
              + ".compact_threshold': must be a whole number of at least "
              + LEAST
              + ".");
    }
  }

  /**
   * From how many tokens on the context is compacted; empty if never.
   *
   * @param contextLength of the model, in tokens: where the request names no number, four fifths of
   *     it are meant; null if unknown
   */
  public static OptionalLong threshold(CreateResponse request, @Nullable Integer contextLength) {
    List<JsonNode> entries = request.contextManagement();
    if (entries == null || entries.isEmpty()) {
      return OptionalLong.empty();
    }
    JsonNode threshold = entries.getFirst().path("compact_threshold");
    if (threshold.isIntegralNumber()) {
      return OptionalLong.of(threshold.asLong());
    }
    return contextLength == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(LEAST, contextLength * 4L / 5));
  }
}
