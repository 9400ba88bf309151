package antiphon.protocol.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A container.
 *
 * @param createdAt in seconds since 1970
 * @param status {@code running} or {@code expired}
 * @param lastActiveAt in seconds since 1970
 */
@JsonPropertyOrder({"id", "object"})
public record ContainerObject(
    String id,
    String name,
    long createdAt,
    String status,
    CreateContainer.ExpiresAfter expiresAfter,
    long lastActiveAt,
    String memoryLimit) {

  /** Always {@code container}. */
  @JsonProperty("object")
  public String object() {
    return "container";
  }

  /** There is no network in it. */
  @JsonProperty("network_policy")
  public NetworkPolicy networkPolicy() {
    return new NetworkPolicy("disabled");
  }

  /** What a container may reach. */
  public record NetworkPolicy(String type) {}
}
