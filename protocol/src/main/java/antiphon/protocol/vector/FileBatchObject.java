package antiphon.protocol.vector;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Files that were put into a store together. */
@JsonPropertyOrder({"id", "object"})
public record FileBatchObject(
    String id, long createdAt, String vectorStoreId, String status, FileCounts fileCounts) {

  /** Always {@code vector_store.file_batch}. */
  @JsonProperty("object")
  public String object() {
    return "vector_store.file_batch";
  }
}
