package antiphon.core.log;

import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.ReasoningSummaryPartEvent;
import antiphon.protocol.event.ReasoningSummaryTextEvent;
import antiphon.protocol.event.ReasoningTextEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Reasoning;
import java.util.ArrayList;
import java.util.List;

/** Reasoning while it comes in: raw text, and summaries of it. */
final class ReasoningState implements ItemState {

  private final int outputIndex;
  private final Reasoning begun;
  private final List<Text> content = new ArrayList<>();
  private final List<Text> summary = new ArrayList<>();

  ReasoningState(int outputIndex, Reasoning begun) {
    this.outputIndex = outputIndex;
    this.begun = begun;
  }

  @Override
  public void apply(StreamEvent event) {
    switch (event) {
      case ReasoningTextEvent.Delta delta ->
          at(content, delta.contentIndex()).text.append(delta.delta());
      case ReasoningTextEvent.Done done -> at(content, done.contentIndex()).closed = true;
      case ReasoningSummaryPartEvent.Added added -> at(summary, added.summaryIndex());
      case ReasoningSummaryTextEvent.Delta delta ->
          at(summary, delta.summaryIndex()).text.append(delta.delta());
      case ReasoningSummaryPartEvent.Done done -> at(summary, done.summaryIndex()).closed = true;
      default -> {}
    }
  }

  @Override
  public Item item(ItemStatus status) {
    return begun
        .withContent(content.stream().map(t -> new ReasoningText(t.text.toString())).toList())
        .withSummary(summary.stream().map(t -> new SummaryText(t.text.toString())).toList())
        .withStatus(status);
  }

  @Override
  public List<NextEvent> closing(ItemStatus status) {
    List<NextEvent> events = new ArrayList<>();
    String id = begun.idOrEmpty();
    for (int i = 0; i < summary.size(); i++) {
      if (!summary.get(i).closed) {
        closeSummary(events, id, i, summary.get(i).text.toString());
      }
    }
    for (int i = 0; i < content.size(); i++) {
      if (!content.get(i).closed) {
        int index = i;
        String text = content.get(i).text.toString();
        events.add(seq -> new ReasoningTextEvent.Done(seq, id, outputIndex, index, text));
      }
    }
    Item item = item(status);
    events.add(seq -> new OutputItemEvent.Done(seq, outputIndex, item));
    return events;
  }

  private void closeSummary(List<NextEvent> events, String id, int index, String text) {
    events.add(seq -> new ReasoningSummaryTextEvent.Done(seq, id, outputIndex, index, text));
    SummaryText part = new SummaryText(text);
    events.add(seq -> new ReasoningSummaryPartEvent.Done(seq, id, outputIndex, index, part, null));
  }

  private static Text at(List<Text> texts, int index) {
    while (texts.size() <= index) {
      texts.add(new Text());
    }
    return texts.get(index);
  }

  private static final class Text {
    private final StringBuilder text = new StringBuilder();
    private boolean closed;
  }
}
