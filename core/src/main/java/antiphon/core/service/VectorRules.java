package antiphon.core.service;

import antiphon.core.response.Rejected;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Filter;
import antiphon.core.vector.Searching.Question;
import antiphon.protocol.vector.ChunkingStrategy;
import antiphon.protocol.vector.ExpiresAfter;
import antiphon.protocol.vector.RankingOptions;
import antiphon.protocol.vector.SearchVectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules for what is said about vector stores. */
public final class VectorRules {

  private static final int MOST_NAME = 256;
  private static final int MOST_DESCRIPTION = 4096;
  private static final int MOST_DAYS = 365;
  private static final int MOST_ATTRIBUTES = 16;
  private static final int MOST_KEY = 64;
  private static final int MOST_VALUE = 512;
  private static final int MOST_QUERIES = 16;
  private static final int MOST_QUERY = 8192;
  private static final int MOST_RESULTS = 50;
  private static final int USUAL_RESULTS = 10;
  private static final Set<String> RANKERS = Set.of("auto", "none", "default-2024-11-15");

  private VectorRules() {}

  static @Nullable String name(@Nullable String name) {
    return text("name", name, MOST_NAME);
  }

  static @Nullable String description(@Nullable String description) {
    return text("description", description, MOST_DESCRIPTION);
  }

  private static @Nullable String text(String param, @Nullable String text, int most) {
    if (text != null && (text.length() > most || text.indexOf('\0') >= 0)) {
      throw Rejected.invalid(
          param, "Invalid '" + param + "': must have at most " + most + " characters.");
    }
    return text;
  }

  static @Nullable Integer days(@Nullable ExpiresAfter expiry) {
    if (expiry == null) {
      return null;
    }
    if (!expiry.anchor().equals("last_active_at")) {
      throw Rejected.invalid(
          "expires_after.anchor", "Invalid 'expires_after.anchor': must be 'last_active_at'.");
    }
    if (expiry.days() < 1 || expiry.days() > MOST_DAYS) {
      throw Rejected.invalid(
          "expires_after.days",
          "Invalid 'expires_after.days': must be between 1 and " + MOST_DAYS + ".");
    }
    return expiry.days();
  }

  static Chunking chunking(String param, @Nullable ChunkingStrategy strategy, Chunking usual) {
    if (strategy == null || strategy.type().equals("auto")) {
      return usual;
    }
    if (!strategy.type().equals("static")) {
      throw Rejected.invalid(
          param + ".type", "Invalid '" + param + ".type': must be 'auto' or 'static'.");
    }
    ChunkingStrategy.Sizes sizes = strategy.sizes();
    if (sizes == null) {
      throw Rejected.invalid(
          param + ".static", "Missing required parameter: '" + param + ".static'.");
    }
    int most = sizes.maxChunkSizeTokens();
    if (most < Chunking.LEAST_TOKENS || most > Chunking.MOST_TOKENS) {
      throw Rejected.invalid(
          param + ".static.max_chunk_size_tokens",
          "Invalid '%s.static.max_chunk_size_tokens': must be between %d and %d."
              .formatted(param, Chunking.LEAST_TOKENS, Chunking.MOST_TOKENS));
    }
    int overlap = sizes.chunkOverlapTokens();
    if (overlap < 0 || overlap > most / 2) {
      throw Rejected.invalid(
          param + ".static.chunk_overlap_tokens",
          "Invalid '%s.static.chunk_overlap_tokens': must be between 0 and half of max_chunk_size_tokens."
              .formatted(param));
    }
    return new Chunking(false, most, overlap);
  }

  static Map<String, JsonNode> attributes(
      String param, @Nullable Map<String, JsonNode> attributes) {
    if (attributes == null) {
      return Map.of();
    }
    if (attributes.size() > MOST_ATTRIBUTES) {
      throw Rejected.invalid(
          param, "Invalid '" + param + "': must have at most " + MOST_ATTRIBUTES + " entries.");
    }
    attributes.forEach((key, value) -> {
      boolean named = !key.isEmpty() && key.length() <= MOST_KEY && key.indexOf('\0') < 0;
      boolean valued =
          value != null
              && (value.isNumber()
                  || value.isBoolean()
                  || (value.isString()
                      && value.asString().length() <= MOST_VALUE
                      && value.asString().indexOf('\0') < 0));
      if (!named || !valued) {
        throw Rejected.invalid(
            param,
            "Invalid '%s': keys have 1 to %d characters, values are numbers, booleans or texts of at most %d characters."
                .formatted(param, MOST_KEY, MOST_VALUE));
      }
    });
    return attributes;
  }

  static Question question(SearchVectorStore request) {
    return new Question(
        queries(request.query()),
        Filter.read("filters", request.filters()),
        results(request.maxNumResults(), USUAL_RESULTS),
        words(request.rankingOptions()),
        threshold(request.rankingOptions()));
  }

  /**
   * How many results are wanted.
   *
   * @throws Rejected if it is not 1 to 50
   */
  public static int results(@Nullable Integer asked, int usual) {
    if (asked == null) {
      return usual;
    }
    if (asked < 1 || asked > MOST_RESULTS) {
      throw Rejected.invalid(
          "max_num_results",
          "Invalid 'max_num_results': must be between 1 and " + MOST_RESULTS + ".");
    }
    return asked;
  }

  /** Whether words count, and not vectors alone. */
  public static boolean words(@Nullable RankingOptions options) {
    String ranker = options == null ? null : options.ranker();
    if (ranker != null && !RANKERS.contains(ranker)) {
      throw Rejected.invalid(
          "ranking_options.ranker",
          "Invalid 'ranking_options.ranker': must be one of auto, none, default-2024-11-15.");
    }
    return ranker == null || !ranker.equals("none");
  }

  /** The least score. */
  public static double threshold(@Nullable RankingOptions options) {
    Double threshold = options == null ? null : options.scoreThreshold();
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw Rejected.invalid(
          "ranking_options.score_threshold",
          "Invalid 'ranking_options.score_threshold': must be between 0 and 1.");
    }
    return threshold == null ? 0 : threshold;
  }

  private static List<String> queries(JsonNode query) {
    List<String> queries = new ArrayList<>();
    if (query.isString()) {
      queries.add(query.asString());
    } else if (query.isArray() && query.size() <= MOST_QUERIES) {
      query.forEach(one -> queries.add(one.isString() ? one.asString() : ""));
    }
    boolean sound = queries.stream().allMatch(one -> !one.isBlank() && one.length() <= MOST_QUERY);
    if (queries.isEmpty() || !sound) {
      throw Rejected.invalid(
          "query",
          "Invalid 'query': must be a text, or a list of 1 to %d texts, each of 1 to %d characters."
              .formatted(MOST_QUERIES, MOST_QUERY));
    }
    return queries;
  }
}
