package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** The answer to a delete. */
@JsonPropertyOrder({"id", "object"})
public record Deleted(String id, boolean deleted) {

  /** Always {@code response}. */
  @JsonProperty("object")
  public String object() {
    return "response";
  }
}
