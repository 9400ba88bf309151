package antiphon.protocol.vector;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The text of an indexed file: {@code data} for OpenAI's client, {@code content} for MKA1's. */
@JsonPropertyOrder({"object"})
public record FileContentPage(
    String fileId, String filename, List<TextContent> content, Map<String, JsonNode> attributes) {

  /** Always {@code vector_store.file_content.page}. */
  @JsonProperty("object")
  public String object() {
    return "vector_store.file_content.page";
  }

  /** The same as {@link #content}. */
  @JsonProperty("data")
  public List<TextContent> data() {
    return content;
  }

  /** There is one page. */
  @JsonProperty("has_more")
  public boolean hasMore() {
    return false;
  }

  /** None. */
  @JsonProperty("next_page")
  @AlwaysWritten
  public @Nullable String nextPage() {
    return null;
  }
}
