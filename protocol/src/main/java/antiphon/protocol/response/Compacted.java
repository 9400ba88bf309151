package antiphon.protocol.response;

import antiphon.protocol.item.Item;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * The answer of {@code POST /responses/compact}.
 *
 * @param createdAt whole Unix seconds
 * @param output what is to be sent from now on in place of all that was compacted
 * @param usage of the turns that made the summary
 */
@JsonPropertyOrder({"id", "object"})
public record Compacted(String id, long createdAt, List<Item> output, Usage usage) {

  /** Always {@code response.compaction}. */
  @JsonProperty("object")
  public String object() {
    return "response.compaction";
  }
}
