package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** The answer of {@code POST /responses/input_tokens}. */
@JsonPropertyOrder({"object", "input_tokens"})
public record InputTokens(int inputTokens) {

  /** Always {@code response.input_tokens}. */
  @JsonProperty("object")
  public String object() {
    return "response.input_tokens";
  }
}
