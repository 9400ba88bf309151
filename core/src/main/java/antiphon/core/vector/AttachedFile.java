package antiphon.core.vector;

import antiphon.core.response.Owner;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A file in a store.
 *
 * @param row its number in this database, never used again: a file that is put in again has another
 * @param batch what it was put in with; null for alone
 * @param error null unless it failed, or was skipped
 * @param chunkCount null before it was cut
 * @param pageCount null for what has no pages
 * @param changed the store's {@linkplain VectorStore#version version} that it became so with
 */
public record AttachedFile(
    VectorStoreId store,
    String fileId,
    long row,
    @Nullable String batch,
    Status status,
    @Nullable Failure error,
    String filename,
    String sha256,
    Chunking chunking,
    Map<String, JsonNode> attributes,
    long usageBytes,
    @Nullable Integer chunkCount,
    int processedChunks,
    @Nullable Integer pageCount,
    long createdAt,
    long changed) {

  public AttachedFile {
    attributes = Map.copyOf(attributes);
  }

  /** What became of it. */
  public enum Status {
    IN_PROGRESS("in_progress"),
    COMPLETED("completed"),
    FAILED("failed"),
    CANCELLED("cancelled"),
    /** It was taken out; its row says so to indexes and to nobody else. */
    DELETED("deleted");

    private final String wire;

    Status(String wire) {
      this.wire = wire;
    }

    /** The word on the wire. */
    public String wire() {
      return wire;
    }
  }

  /** Why a file is not indexed. */
  public record Failure(Code code, String message) {}

  /** What kind of reason that is. */
  public enum Code {
    SERVER_ERROR("server_error"),
    UNSUPPORTED_FILE("unsupported_file"),
    INVALID_FILE("invalid_file"),
    DUPLICATE_FILE("duplicate_file");

    private final String wire;

    Code(String wire) {
      this.wire = wire;
    }

    /** The word on the wire. */
    public String wire() {
      return wire;
    }
  }

  /**
   * What is to be put in.
   *
   * @param owner of the file, who may be another than the store's
   */
  public record Fresh(
      Owner owner,
      String fileId,
      String filename,
      String sha256,
      Chunking chunking,
      Map<String, JsonNode> attributes) {}
}
