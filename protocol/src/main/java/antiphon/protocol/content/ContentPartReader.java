package antiphon.protocol.content;

import antiphon.protocol.json.KindReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads parts. */
public final class ContentPartReader extends KindReader<ContentPart> {

  private static final Map<String, Class<? extends ContentPart>> KINDS =
      Map.of(
          "input_text", InputText.class,
          "input_image", InputImage.class,
          "input_file", InputFile.class,
          "input_audio", InputAudio.class,
          "output_text", OutputText.class,
          "refusal", Refusal.class,
          "reasoning_text", ReasoningText.class,
          "summary_text", SummaryText.class);

  /** Kinds that stand in the API's lists of items and that nothing here makes use of. */
  private static final Set<String> KEPT = Set.of("computer_screenshot", "text");

  public ContentPartReader() {
    super("content part");
  }

  @Override
  protected @Nullable Class<? extends ContentPart> kind(String type, ObjectNode node) {
    return KINDS.get(type);
  }

  @Override
  protected List<String> types() {
    return KINDS.keySet().stream().sorted().toList();
  }

  @Override
  protected ContentPart unknown(String type, Map<String, JsonNode> fields) {
    return new UnknownPart(type, fields);
  }

  @Override
  protected boolean keepsUnknown(String type) {
    return KEPT.contains(type);
  }

  @Override
  protected @Nullable ContentPart other(JsonNode node) {
    return node.isString() ? new PlainText(node.asString()) : null;
  }
}
