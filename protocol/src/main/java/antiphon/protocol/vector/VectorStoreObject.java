package antiphon.protocol.vector;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A vector store. Times are in seconds since 1970. */
@JsonPropertyOrder({"id", "object"})
public record VectorStoreObject(
    String id,
    long createdAt,
    @AlwaysWritten @Nullable String name,
    @AlwaysWritten @Nullable String description,
    long usageBytes,
    String embeddingModel,
    int embeddingDimensions,
    FileCounts fileCounts,
    String status,
    long lastActiveAt,
    Map<String, String> metadata,
    @Nullable ExpiresAfter expiresAfter,
    @AlwaysWritten @Nullable Long expiresAt) {

  /** Always {@code vector_store}. */
  @JsonProperty("object")
  public String object() {
    return "vector_store";
  }

  /** Always {@code vector}: no graph is made of it. */
  @JsonProperty("retrieval_mode")
  public String retrievalMode() {
    return "vector";
  }

  /** The same as the moment of its last activity. */
  @JsonProperty("last_used_at")
  public long lastUsedAt() {
    return lastActiveAt;
  }
}
