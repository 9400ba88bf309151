package antiphon.protocol.vector;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A file in a vector store. */
@JsonPropertyOrder({"id", "object"})
public record VectorStoreFileObject(
    String id,
    long usageBytes,
    long createdAt,
    String vectorStoreId,
    String status,
    @AlwaysWritten @Nullable Failure lastError,
    String filename,
    ChunkingStrategy chunkingStrategy,
    @AlwaysWritten @Nullable Integer chunkCount,
    @AlwaysWritten @Nullable Integer processedChunkCount,
    @AlwaysWritten @Nullable Integer pageCount,
    Map<String, JsonNode> attributes) {

  /** Always {@code vector_store.file}. */
  @JsonProperty("object")
  public String object() {
    return "vector_store.file";
  }

  /** As many as there are: a page without text is a page all the same. */
  @JsonProperty("processed_page_count")
  @AlwaysWritten
  public @Nullable Integer processedPageCount() {
    return pageCount;
  }

  /** Why it is not indexed. */
  public record Failure(String code, String message) {}
}
