package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A model that requests may name.
 *
 * @param created whole Unix seconds
 */
@JsonPropertyOrder({"id", "object"})
public record Model(String id, long created, String ownedBy) {

  /** Always {@code model}. */
  @JsonProperty("object")
  public String object() {
    return "model";
  }
}
