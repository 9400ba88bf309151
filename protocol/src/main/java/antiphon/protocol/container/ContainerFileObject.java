package antiphon.protocol.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A file in a container.
 *
 * @param createdAt in seconds since 1970
 * @param path from the root
 * @param source {@code user} or {@code assistant}
 */
@JsonPropertyOrder({"id", "object"})
public record ContainerFileObject(
    String id, String containerId, long createdAt, long bytes, String path, String source) {

  /** Always {@code container.file}. */
  @JsonProperty("object")
  public String object() {
    return "container.file";
  }
}
