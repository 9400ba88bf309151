package antiphon.knowledge.tool;

import antiphon.core.response.Rejected;
import antiphon.core.service.VectorRules;
import antiphon.core.vector.Filter;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FileSearchTool;
import antiphon.protocol.vector.RankingOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where and how a tool of a request searches.
 *
 * @param stores their ids
 * @param limit how many results the model is shown
 */
record Ask(
    List<String> stores, @Nullable Filter filter, int limit, boolean words, double threshold) {

  /** What a model can make something of, where the request does not say. */
  private static final int USUAL_RESULTS = 10;

  /**
   * Reads a tool.
   *
   * @throws Rejected if something of it is not allowed
   */
  static Ask of(FileSearchTool tool) {
    JsonNode given = tool.rankingOptions();
    RankingOptions options;
    try {
      options = given == null ? null : Json.convert(given, RankingOptions.class);
    } catch (InvalidJson e) {
      throw Rejected.invalid("ranking_options", "Invalid 'ranking_options': " + e.getMessage());
    }
    return new Ask(
        tool.vectorStoreIds(),
        Filter.read("filters", tool.filters()),
        VectorRules.results(tool.maxNumResults(), USUAL_RESULTS),
        VectorRules.words(options),
        VectorRules.threshold(options));
  }
}
