package antiphon.protocol.vector;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A text. */
public record TextContent(String text) {

  /** Always {@code text}. */
  @JsonProperty("type")
  public String type() {
    return "text";
  }
}
