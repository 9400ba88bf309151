package antiphon.core.log;

import antiphon.protocol.content.Annotation;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.LogProb;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.event.ContentPartEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.event.RefusalEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message being written: text and refusals, part by part. */
final class MessageState implements ItemState {

  private final int outputIndex;
  private final Message begun;
  private final List<Part> parts = new ArrayList<>();

  MessageState(int outputIndex, Message begun) {
    this.outputIndex = outputIndex;
    this.begun = begun;
  }

  @Override
  public void apply(StreamEvent event) {
    switch (event) {
      case ContentPartEvent.Added added -> parts.add(new Part(added.part()));
      case OutputTextEvent.Delta delta -> part(delta.contentIndex()).add(delta);
      case OutputTextEvent.AnnotationAdded added -> part(added.contentIndex()).note(added);
      case RefusalEvent.Delta delta -> part(delta.contentIndex()).text.append(delta.delta());
      case ContentPartEvent.Done done -> part(done.contentIndex()).close(done.part());
      default -> {}
    }
  }

  /** The text so far, if text is all there is and it is still open: a message that can go on. */
  @Nullable String openText() {
    return parts.size() == 1
            && !parts.getFirst().closed
            && parts.getFirst().begun instanceof OutputText
        ? parts.getFirst().text.toString()
        : null;
  }

  @Override
  public Item item(ItemStatus status) {
    return begun.withContent(parts.stream().map(Part::now).toList()).withStatus(status);
  }

  @Override
  public List<NextEvent> closing(ItemStatus status) {
    List<NextEvent> events = new ArrayList<>();
    String id = begun.idOrEmpty();
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).closed) {
        closePart(events, id, i, parts.get(i).now());
      }
    }
    Item item = item(status);
    events.add(seq -> new OutputItemEvent.Done(seq, outputIndex, item));
    return events;
  }

  private void closePart(List<NextEvent> events, String id, int index, ContentPart part) {
    switch (part) {
      case OutputText text ->
          events.add(seq ->
              new OutputTextEvent.Done(seq, id, outputIndex, index, text.text(), text.logprobs()));
      case Refusal refusal ->
          events.add(seq -> new RefusalEvent.Done(seq, id, outputIndex, index, refusal.refusal()));
      default -> {}
    }
    events.add(seq -> new ContentPartEvent.Done(seq, id, outputIndex, index, part));
  }

  private Part part(int index) {
    return parts.get(index);
  }

  private static final class Part {
    private ContentPart begun;
    private final StringBuilder text = new StringBuilder();
    private final List<LogProb> logprobs = new ArrayList<>();
    private final List<Annotation> annotations = new ArrayList<>();
    private boolean closed;

    private Part(ContentPart begun) {
      this.begun = begun;
    }

    private void add(OutputTextEvent.Delta delta) {
      text.append(delta.delta());
      logprobs.addAll(delta.logprobs());
    }

    private void note(OutputTextEvent.AnnotationAdded added) {
      if (added.annotation() != null) {
        annotations.add(Json.convertStored(added.annotation(), Annotation.class));
      }
    }

    private void close(ContentPart done) {
      begun = done;
      closed = true;
    }

    private ContentPart now() {
      if (closed) {
        return begun;
      }
      return switch (begun) {
        case OutputText _ -> new OutputText(text.toString(), annotations, logprobs, Map.of());
        case Refusal _ -> new Refusal(text.toString());
        default -> begun;
      };
    }
  }
}
