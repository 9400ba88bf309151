package antiphon.protocol.response;

import antiphon.protocol.json.KindReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads text formats. */
public final class TextFormatReader extends KindReader<TextFormat> {

  private static final Map<String, Class<? extends TextFormat>> KINDS =
      Map.of(
          "text", TextFormat.Text.class,
          "json_object", TextFormat.JsonObject.class,
          "json_schema", TextFormat.JsonSchema.class);

  public TextFormatReader() {
    super("text format");
  }

  @Override
  protected @Nullable Class<? extends TextFormat> kind(String type, ObjectNode node) {
    return KINDS.get(type);
  }

  @Override
  protected List<String> types() {
    return List.of("text", "json_schema", "json_object");
  }
}
