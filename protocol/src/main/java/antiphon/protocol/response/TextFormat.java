package antiphon.protocol.response;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The form of the text. */
@JsonPropertyOrder({"type"})
public sealed interface TextFormat {

  /** The kind, as on the wire. */
  @JsonProperty("type")
  String type();

  /** Plain text. */
  record Text() implements TextFormat {
    @Override
    public String type() {
      return "text";
    }
  }

  /** Any JSON object. */
  record JsonObject() implements TextFormat {
    @Override
    public String type() {
      return "json_object";
    }
  }

  /** JSON that follows a schema. */
  record JsonSchema(
      @Required String name,
      @Required Map<String, JsonNode> schema,
      @Nullable String description,
      @Nullable Boolean strict)
      implements TextFormat {
    @Override
    public String type() {
      return "json_schema";
    }
  }
}
