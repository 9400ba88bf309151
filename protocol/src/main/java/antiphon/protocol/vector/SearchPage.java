package antiphon.protocol.vector;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a search has found, best first. */
@JsonPropertyOrder({"object"})
public record SearchPage(
    String searchQuery,
    List<Result> data,
    boolean hasMore,
    @AlwaysWritten @Nullable String nextPage) {

  /** Always {@code vector_store.search_results.page}. */
  @JsonProperty("object")
  public String object() {
    return "vector_store.search_results.page";
  }

  /**
   * A chunk.
   *
   * @param score 0 to 1
   */
  public record Result(
      String fileId,
      String filename,
      double score,
      Map<String, JsonNode> attributes,
      List<TextContent> content) {}
}
