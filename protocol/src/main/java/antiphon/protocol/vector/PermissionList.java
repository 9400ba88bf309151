package antiphon.protocol.vector;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/** All roles on a vector store. */
@JsonPropertyOrder({"object"})
public record PermissionList(List<PermissionObject> data) {

  public PermissionList {
    data = List.copyOf(data);
  }

  /** Always {@code list}. */
  @JsonProperty("object")
  public String object() {
    return "list";
  }
}
