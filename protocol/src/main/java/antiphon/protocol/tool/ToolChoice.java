package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether the model may, must or must not call tools, or which one it is to call. */
public sealed interface ToolChoice {

  /** A choice that names no tool. */
  enum Mode implements ToolChoice {
    NONE,
    AUTO,
    REQUIRED;

    /** The value on the wire. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A choice that is an object with a type. */
  @JsonPropertyOrder({"type"})
  sealed interface Named extends ToolChoice {
    /** The kind, as on the wire. */
    @JsonProperty("type")
    String type();
  }

  /** This function. */
  record Function(@Required String name) implements Named {
    @Override
    public String type() {
      return "function";
    }
  }

  /** This custom tool. */
  record Custom(@Required String name) implements Named {
    @Override
    public String type() {
      return "custom";
    }
  }

  /** A tool by its kind: one that the server runs, or that the client has. */
  record Hosted(@Required String type, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements Named {
    public Hosted {
      extra = Extra.of(extra);
    }
  }

  /** A tool of this MCP server, or any of its tools. */
  record Mcp(@Required String serverLabel, @Nullable String name) implements Named {
    @Override
    public String type() {
      return "mcp";
    }
  }

  /** Only these tools; the model may or must call one. */
  record Allowed(@Required Mode mode, @Required List<AllowedTool> tools) implements Named {
    public Allowed {
      tools = List.copyOf(tools);
    }

    @Override
    public String type() {
      return "allowed_tools";
    }
  }

  /** One of {@link Allowed}. */
  record AllowedTool(
      @Required String type,
      @Nullable String name,
      @Nullable String serverLabel,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
    public AllowedTool {
      extra = Extra.of(extra);
    }
  }
}
