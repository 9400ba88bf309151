package antiphon.protocol.content;

import antiphon.protocol.json.KindReader;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a part where only one kind may stand: another one is refused, for it would come back as
 * what it was not. What an engine says under another name is still taken for its text.
 *
 * @param <T> the kind
 */
public abstract sealed class TextPartReader<T> extends KindReader<T> {

  private final String type;
  private final Class<T> part;
  private final BiFunction<String, Map<String, JsonNode>, T> make;

  private TextPartReader(
      String type, Class<T> part, BiFunction<String, Map<String, JsonNode>, T> make) {
    super("part here");
    this.type = type;
    this.part = part;
    this.make = make;
  }

  @Override
  protected @Nullable Class<? extends T> kind(String type, ObjectNode node) {
    return type.equals(this.type) ? part : null;
  }

  @Override
  protected List<String> types() {
    return List.of(type);
  }

  @Override
  protected String implied(ObjectNode node) {
    return type;
  }

  @Override
  protected @Nullable T unknown(String type, Map<String, JsonNode> fields) {
    JsonNode text = fields.remove("text");
    return text == null || !text.isString() ? null : make.apply(text.asString(), fields);
  }

  /** Reads {@code summary_text}. */
  public static final class Summary extends TextPartReader<SummaryText> {
    public Summary() {
      super("summary_text", SummaryText.class, SummaryText::new);
    }
  }

  /** Reads {@code reasoning_text}. */
  public static final class Reasoning extends TextPartReader<ReasoningText> {
    public Reasoning() {
      super("reasoning_text", ReasoningText.class, ReasoningText::new);
    }
  }
}
