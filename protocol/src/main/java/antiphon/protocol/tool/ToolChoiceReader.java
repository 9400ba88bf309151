package antiphon.protocol.tool;

import antiphon.protocol.json.KindReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a tool choice: a word, or an object. */
public final class ToolChoiceReader extends KindReader<ToolChoice> {

  private static final Map<String, Class<? extends ToolChoice>> KINDS = kinds();

  public ToolChoiceReader() {
    super("tool choice");
  }

  private static Map<String, Class<? extends ToolChoice>> kinds() {
    Map<String, Class<? extends ToolChoice>> kinds = new LinkedHashMap<>();
    kinds.put("function", ToolChoice.Function.class);
    kinds.put("custom", ToolChoice.Custom.class);
    kinds.put("allowed_tools", ToolChoice.Allowed.class);
    kinds.put("mcp", ToolChoice.Mcp.class);
    return kinds;
  }

  @Override
  protected @Nullable Class<? extends ToolChoice> kind(String type, ObjectNode node) {
    return KINDS.getOrDefault(type, ToolChoice.Hosted.class);
  }

  @Override
  protected List<String> types() {
    return List.copyOf(KINDS.keySet());
  }

  @Override
  protected @Nullable ToolChoice other(JsonNode node) {
    for (ToolChoice.Mode mode : ToolChoice.Mode.values()) {
      if (node.isString() && node.asString().equals(mode.wire())) {
        return mode;
      }
    }
    return null;
  }

  @Override
  protected String otherForms() {
    return "'none', 'auto', 'required', or an object";
  }
}
