package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A function that the client runs. Parameters are always written, and in a response {@code strict}
 * too, see {@link #shown}: MKA1's client takes the tool for something else without them.
 *
 * @param parameters a JSON Schema; left out means a function without parameters
 * @param strict whether arguments must follow the schema exactly; null if nobody said
 */
public record FunctionTool(
    @Required String name,
    @Nullable String description,
    Map<String, JsonNode> parameters,
    @Nullable Boolean strict,
    @Nullable Boolean deferLoading,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  /** The mapper gives null for what was left out. */
  public FunctionTool(
      String name,
      @Nullable String description,
      @Nullable Map<String, JsonNode> parameters,
      @Nullable Boolean strict,
      @Nullable Boolean deferLoading,
      @Nullable Map<String, JsonNode> extra) {
    this.name = name;
    this.description = description;
    this.parameters = parameters == null ? none() : parameters;
    this.strict = strict;
    this.deferLoading = deferLoading;
    this.extra = Extra.of(extra);
  }

  /** The same as a response shows it: where nobody said, arguments are said to be strict. */
  public FunctionTool shown() {
    return strict == null
        ? new FunctionTool(name, description, parameters, true, deferLoading, extra)
        : this;
  }

  private static Map<String, JsonNode> none() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return Map.of("type", nodes.stringNode("object"), "properties", nodes.objectNode());
  }

  @Override
  public String type() {
    return "function";
  }
}
