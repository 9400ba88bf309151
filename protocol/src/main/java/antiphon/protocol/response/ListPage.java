package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * A page of a list. First and last id are always texts, empty for an empty page: MKA1's client and
 * OpenAI's both take that.
 *
 * @param <T> its entries
 */
@JsonPropertyOrder({"object"})
public record ListPage<T>(List<T> data, boolean hasMore, String firstId, String lastId) {

  /** Always {@code list}. */
  @JsonProperty("object")
  public String object() {
    return "list";
  }
}
