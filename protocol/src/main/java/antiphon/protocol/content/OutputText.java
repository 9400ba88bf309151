package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Text that the model wrote. Annotations and logprobs are always written, empty or not.
 *
 * @param annotations citations and the like, as they came
 */
public record OutputText(
    @Required String text,
    List<Annotation> annotations,
    List<LogProb> logprobs,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  /** The mapper gives null for what was left out. */
  public OutputText(
      String text,
      @Nullable List<Annotation> annotations,
      @Nullable List<LogProb> logprobs,
      @Nullable Map<String, JsonNode> extra) {
    this.text = text;
    this.annotations = annotations == null ? List.of() : List.copyOf(annotations);
    this.logprobs = logprobs == null ? List.of() : List.copyOf(logprobs);
    this.extra = Extra.of(extra);
  }

  /** Text with these logprobs. */
  public OutputText(String text, List<LogProb> logprobs) {
    this(text, List.of(), logprobs, Map.of());
  }

  /** Bare text. */
  public static OutputText of(String text) {
    return new OutputText(text, List.of());
  }

  @Override
  public String type() {
    return "output_text";
  }
}
