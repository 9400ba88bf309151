package antiphon.core.step;

import antiphon.core.engine.Piece;
import antiphon.core.log.NextEvent;
import antiphon.core.tool.CitationFilter;
import antiphon.core.tool.CitationFilter.Said;
import antiphon.protocol.content.Annotation;
import antiphon.protocol.content.LogProb;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A text part whose model cites: its marks become annotations. */
final class CitedText {

  private final CitationFilter filter;
  private final String itemId;
  private final int outputIndex;
  private final int part;
  private int annotations;

  private CitedText(CitationFilter filter, String itemId, int outputIndex, int part) {
    this.filter = filter;
    this.itemId = itemId;
    this.outputIndex = outputIndex;
    this.part = part;
  }

  /** Null without a filter. */
  static @Nullable CitedText of(
      @Nullable CitationFilter filter, String itemId, int outputIndex, int part) {
    return filter == null ? null : new CitedText(filter, itemId, outputIndex, part);
  }

  /** The events of more text; none while all of it is held back. */
  List<NextEvent> take(Piece.Text text) {
    return events(filter.take(text.delta(), text.logprobs()));
  }

  /** The events of what was held back. */
  List<NextEvent> finish() {
    return events(filter.finish());
  }

  private List<NextEvent> events(List<Said> said) {
    List<NextEvent> events = new ArrayList<>();
    for (Said one : said) {
      events.add(
          switch (one) {
            case Said.Text(String text, List<LogProb> logprobs) ->
                seq -> new OutputTextEvent.Delta(seq, itemId, outputIndex, part, text, logprobs);
            case Said.Note(Annotation annotation) -> {
              int index = annotations++;
              JsonNode json = Json.toTree(annotation);
              yield seq ->
                  new OutputTextEvent.AnnotationAdded(seq, itemId, outputIndex, part, index, json);
            }
          });
    }
    return events;
  }
}
