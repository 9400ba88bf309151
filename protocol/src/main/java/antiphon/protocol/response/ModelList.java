package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/** The answer of {@code GET /models}: all of them, without pages. */
@JsonPropertyOrder({"object"})
public record ModelList(List<Model> data) {

  public ModelList {
    data = List.copyOf(data);
  }

  /** Always {@code list}. */
  @JsonProperty("object")
  public String object() {
    return "list";
  }
}
