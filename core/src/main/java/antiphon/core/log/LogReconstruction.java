package antiphon.core.log;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.event.ContentPartEvent;
import antiphon.protocol.event.CustomToolCallInputEvent;
import antiphon.protocol.event.EventWriter;
import antiphon.protocol.event.FunctionCallArgumentsEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.event.ReasoningSummaryPartEvent;
import antiphon.protocol.event.ReasoningSummaryTextEvent;
import antiphon.protocol.event.ReasoningTextEvent;
import antiphon.protocol.event.RefusalEvent;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the log of a response that nobody followed from its snapshot. What nobody has read need not
 * be written down event by event: it is told when somebody asks, with each text as one delta, and
 * kept from then on.
 */
public final class LogReconstruction {

  private final List<NextEvent> events = new ArrayList<>();
  private final Response ended;

  private LogReconstruction(Response ended) {
    this.ended = ended;
    Response begun = begun();
    events.add(seq -> new ResponseEvent.Created(seq, begun));
    events.add(seq -> new ResponseEvent.InProgress(seq, begun));
    for (int i = 0; i < ended.output().size(); i++) {
      item(i, ended.output().get(i));
    }
  }

  /** Whether the events that would be told make this output again, all of it. */
  static boolean possible(Response ended) {
    List<Item> output = ended.output();
    for (int i = 0; i < output.size(); i++) {
      Item item = output.get(i);
      if (!told(item) || !item.equals(folded(i, item).item(status(item)))) {
        return false;
      }
    }
    return true;
  }

  /** The kinds whose events say nothing that the item does not say. */
  private static boolean told(Item item) {
    return item instanceof Message
        || item instanceof Reasoning
        || item instanceof FunctionCall
        || item instanceof CustomToolCall;
  }

  /**
   * The whole log, as JSON.
   *
   * @param snapshot of an ended response; the last event has it as it is
   */
  public static List<byte[]> of(byte[] snapshot) {
    Response ended = Json.readStored(snapshot, Response.class);
    EventWriter writer = new EventWriter();
    List<byte[]> told = new ArrayList<>();
    for (NextEvent event : new LogReconstruction(ended).events) {
      told.add(writer.bytes(event.numbered(told.size())));
    }
    told.add(EventWriter.around(ResponseEvent.terminal(told.size(), ended), snapshot));
    return told;
  }

  /** As it was when it began. */
  private Response begun() {
    return ended.toBuilder()
        .status(ResponseStatus.IN_PROGRESS)
        .completedAt(null)
        .error(null)
        .incompleteDetails(null)
        .usage(Usage.ZERO)
        .output(List.of())
        .build();
  }

  private void item(int index, Item item) {
    events.addAll(opening(index, item));
    List<NextEvent> closing = folded(index, item).closing(status(item));
    events.addAll(closing.subList(0, closing.size() - 1));
    events.add(seq -> new OutputItemEvent.Done(seq, index, item));
  }

  private static ItemStatus status(Item item) {
    return item.status() == null ? ItemStatus.COMPLETED : item.status();
  }

  private static ItemState folded(int index, Item item) {
    ItemState state = ItemStates.of(index, begun(item));
    for (NextEvent event : opening(index, item)) {
      state.apply(event.numbered(0));
    }
    return state;
  }

  private static Item begun(Item item) {
    return switch (item) {
      case Message message -> message.withContent(List.of()).withStatus(ItemStatus.IN_PROGRESS);
      case Reasoning reasoning ->
          reasoning
              .withContent(List.of())
              .withSummary(List.of())
              .withStatus(ItemStatus.IN_PROGRESS);
      case FunctionCall call -> call.withArguments("").withStatus(ItemStatus.IN_PROGRESS);
      case CustomToolCall call -> call.withInput("").withStatus(ItemStatus.IN_PROGRESS);
      default -> item.withStatus(ItemStatus.IN_PROGRESS);
    };
  }

  /** The events of an item up to those that close it. */
  private static List<NextEvent> opening(int index, Item item) {
    List<NextEvent> events = new ArrayList<>();
    Item begun = begun(item);
    String id = item.id() == null ? "" : item.id();
    events.add(seq -> new OutputItemEvent.Added(seq, index, begun));
    switch (item) {
      case Message message -> message(events, id, index, message);
      case Reasoning reasoning -> reasoning(events, id, index, reasoning);
      case FunctionCall call ->
          spoken(
              events,
              call.arguments(),
              (seq, text) -> new FunctionCallArgumentsEvent.Delta(seq, id, index, text));
      case CustomToolCall call ->
          spoken(
              events,
              call.input(),
              (seq, text) -> new CustomToolCallInputEvent.Delta(seq, id, index, text));
      default -> {}
    }
    return events;
  }

  private static void message(List<NextEvent> events, String id, int index, Message message) {
    List<ContentPart> parts =
        message.content() instanceof MessageContent.Parts(List<ContentPart> given)
            ? given
            : List.of();
    for (int i = 0; i < parts.size(); i++) {
      int part = i;
      switch (parts.get(i)) {
        case OutputText text -> {
          added(events, id, index, part, OutputText.of(""));
          spoken(
              events,
              text.text(),
              (seq, delta) ->
                  new OutputTextEvent.Delta(seq, id, index, part, delta, text.logprobs()));
        }
        case Refusal refusal -> {
          added(events, id, index, part, new Refusal(""));
          spoken(
              events,
              refusal.refusal(),
              (seq, delta) -> new RefusalEvent.Delta(seq, id, index, part, delta));
        }
        default -> added(events, id, index, part, parts.get(i));
      }
    }
  }

  private static void added(
      List<NextEvent> events, String id, int index, int part, ContentPart begun) {
    events.add(seq -> new ContentPartEvent.Added(seq, id, index, part, begun));
  }

  private static void reasoning(List<NextEvent> events, String id, int index, Reasoning reasoning) {
    for (int i = 0; i < reasoning.summary().size(); i++) {
      int part = i;
      events.add(
          seq -> new ReasoningSummaryPartEvent.Added(seq, id, index, part, new SummaryText("")));
      spoken(
          events,
          reasoning.summary().get(i).text(),
          (seq, text) -> new ReasoningSummaryTextEvent.Delta(seq, id, index, part, text));
    }
    List<ReasoningText> content = reasoning.content() == null ? List.of() : reasoning.content();
    for (int i = 0; i < content.size(); i++) {
      int part = i;
      spoken(
          events,
          content.get(i).text(),
          (seq, text) -> new ReasoningTextEvent.Delta(seq, id, index, part, text));
    }
  }

  @FunctionalInterface
  private interface Delta {
    StreamEvent of(long sequenceNumber, String text);
  }

  /** A model that says nothing sends no delta. */
  private static void spoken(List<NextEvent> events, String text, Delta delta) {
    if (!text.isEmpty()) {
      events.add(seq -> delta.of(seq, text));
    }
  }
}
