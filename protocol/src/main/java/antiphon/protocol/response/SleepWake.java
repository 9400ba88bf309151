package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The answer to a wake.
 *
 * @param createdAt when it was woken, as RFC 3339 has it
 */
@JsonPropertyOrder({"object", "response_id", "created_at"})
public record SleepWake(String responseId, String createdAt) {

  /** Always {@code response.sleep_wake}. */
  @JsonProperty("object")
  public String object() {
    return "response.sleep_wake";
  }
}
