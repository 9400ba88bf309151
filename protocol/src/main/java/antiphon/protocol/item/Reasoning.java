package antiphon.protocol.item;

import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.content.TextPartReader;
import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;

/** What the model thought. */
public record Reasoning(
    @Nullable String id,
    @Required @JsonDeserialize(contentUsing = TextPartReader.Summary.class)
        List<SummaryText> summary,
    @JsonDeserialize(contentUsing = TextPartReader.Reasoning.class)
        @Nullable List<ReasoningText> content,
    @Nullable String encryptedContent,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public Reasoning {
    summary = List.copyOf(summary);
    content = content == null ? null : List.copyOf(content);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "reasoning";
  }

  @Override
  public Reasoning withId(String id) {
    return new Reasoning(id, summary, content, encryptedContent, status, extra);
  }

  @Override
  public Reasoning withStatus(ItemStatus status) {
    return new Reasoning(id, summary, content, encryptedContent, status, extra);
  }

  /** Reasoning that begins. */
  public static Reasoning of(String id, List<SummaryText> summary, ItemStatus status) {
    return new Reasoning(id, summary, null, null, status, Map.of());
  }

  /** The same with this raw text; none at all is left out. */
  public Reasoning withContent(List<ReasoningText> content) {
    List<ReasoningText> given = content.isEmpty() ? null : content;
    return new Reasoning(id, summary, given, encryptedContent, status, extra);
  }

  /** The same with this summary. */
  public Reasoning withSummary(List<SummaryText> summary) {
    return new Reasoning(id, summary, content, encryptedContent, status, extra);
  }
}
