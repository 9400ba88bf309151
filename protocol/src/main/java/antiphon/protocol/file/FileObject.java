package antiphon.protocol.file;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A file that was uploaded.
 *
 * @param createdAt in seconds since 1970
 * @param expiresAt the same; null for never
 * @param sha256 of its bytes, lower-case hex
 */
@JsonPropertyOrder({"id", "object"})
public record FileObject(
    String id,
    long bytes,
    long createdAt,
    @AlwaysWritten @Nullable Long expiresAt,
    String filename,
    String purpose,
    @JsonProperty("sha256") String sha256) {

  /** Always {@code file}. */
  @JsonProperty("object")
  public String object() {
    return "file";
  }

  /** A file is only shown when all of it is there. */
  @JsonProperty("status")
  public String status() {
    return "processed";
  }
}
