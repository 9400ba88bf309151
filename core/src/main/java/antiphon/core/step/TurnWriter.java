package antiphon.core.step;

import antiphon.core.create.ItemPrefix;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.log.LiveLog;
import antiphon.core.log.NextEvent;
import antiphon.core.response.Ids;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.event.ContentPartEvent;
import antiphon.protocol.event.CustomToolCallInputEvent;
import antiphon.protocol.event.FunctionCallArgumentsEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.OutputTextEvent;
import antiphon.protocol.event.ReasoningSummaryPartEvent;
import antiphon.protocol.event.ReasoningSummaryTextEvent;
import antiphon.protocol.event.ReasoningTextEvent;
import antiphon.protocol.event.RefusalEvent;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.response.Usage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Writes what a model says in one turn into the log: pieces become items, each with its events in
 * the order the contract gives. Items follow one another; a piece of another kind closes the item
 * before.
 */
final class TurnWriter implements PieceSink {

  private final LiveLog log;
  private final TurnUsage usage;
  private final PassedItems passed;
  private final ServerCallWriter calls;
  private final Sealing sealing;
  private final OpenTools tools;

  /** Of the text that is open; null if nothing can be cited. */
  private @Nullable CitedText cited;

  /** What the engine has told so far, and how much it has said since. */
  private @Nullable Usage told;

  private int deltas;
  private boolean calledTools;
  private boolean said;
  private @Nullable Open open;

  /**
   * @param usage what the response used before this turn
   * @param sealing of the reasoning
   * @param tools whose calls are for this server
   */
  TurnWriter(LiveLog log, TurnUsage usage, Sealing sealing, OpenTools tools) {
    this.log = log;
    this.sealing = sealing;
    this.tools = tools;
    this.usage = usage;
    this.calls = new ServerCallWriter(log, tools);
    this.passed = new PassedItems(log, sealing);
  }

  /** Goes on with a message that broke off, instead of beginning a new one. */
  void resume(int outputIndex) {
    String id = Ids.outputItem("msg", log.id().value(), outputIndex);
    open = new Open(Kind.TEXT, id, outputIndex, 0);
    said = true;
  }

  @Override
  public void accept(Piece piece) throws InterruptedException {
    switch (piece) {
      case Piece.Text text -> text(text);
      case Piece.RefusalText refusal -> refusal(refusal.delta());
      case Piece.ReasoningText reasoning -> reasoning(reasoning.delta());
      case Piece.ReasoningSummary summary -> summary(summary.delta());
      case Piece.EngineState state -> state(state.state());
      case Piece.ToolCall call -> call(call, Map.of());
      case Piece.NamespacedCall(Piece.ToolCall call, String namespace) ->
          call(call, Map.of("namespace", StringNode.valueOf(namespace)));
      case Piece.WholeCall whole -> whole(whole.item());
      case Piece.ToolCallDelta delta -> arguments(delta);
      case Piece.UsageSoFar soFar -> {
        told = soFar.usage();
        deltas = 0;
        log.used(usage.with(told));
      }
      case Piece.Event event -> passed(event.event());
    }
  }

  @Override
  public void begun() {
    log.beginning().begun();
  }

  /**
   * Closes what is open; a turn that said nothing becomes an empty message. If the turn has called
   * no tool of this server the response ends with it, and the last item with the response.
   */
  void finish() throws InterruptedException {
    if (!said && passed.isEmpty()) {
      begin(Kind.TEXT);
    }
    passed.close();
    endText();
    Open last = open;
    if (last != null && calls.count() == 0) {
      log.closeLast(last.outputIndex, sealing::done);
      open = null;
    }
    close();
  }

  /** How many calls of server-run tools there were in this turn. */
  int serverCalls() {
    return calls.count();
  }

  /** Whether the model has called tools of the client in this turn. */
  boolean calledTools() {
    return calledTools || passed.calledTools();
  }

  private void passed(ObjectNode event) throws InterruptedException {
    boolean says = event.path("delta").isString();
    if (new PassedCall(event).write(calls, this::close)) {
      said = true;
      if (says) {
        log.used(count());
      }
    } else {
      close();
      passed.write(event, says ? count() : log.usage());
    }
  }

  private void text(Piece.Text text) throws InterruptedException {
    Open item = opened(Kind.TEXT);
    CitedText marked = cited;
    if (marked != null) {
      log.append(marked.take(text), count());
      return;
    }
    say(seq ->
        new OutputTextEvent.Delta(
            seq, item.id, item.outputIndex, item.part, text.delta(), text.logprobs()));
  }

  /** Says what was held back of a text. */
  private void endText() throws InterruptedException {
    CitedText marked = cited;
    cited = null;
    if (marked != null) {
      log.append(marked.finish(), log.usage());
    }
  }

  private void refusal(String delta) throws InterruptedException {
    Open item = opened(Kind.REFUSAL);
    say(seq -> new RefusalEvent.Delta(seq, item.id, item.outputIndex, item.part, delta));
  }

  private void reasoning(String delta) throws InterruptedException {
    Open item = opened(Kind.REASONING);
    say(seq -> new ReasoningTextEvent.Delta(seq, item.id, item.outputIndex, 0, delta));
  }

  private void summary(String delta) throws InterruptedException {
    Open item = opened(Kind.SUMMARY);
    say(seq -> new ReasoningSummaryTextEvent.Delta(seq, item.id, item.outputIndex, 0, delta));
  }

  /** Keeps it with the reasoning that is open, else in an item of its own. */
  private void state(String state) throws InterruptedException {
    Open item = open;
    Open of = item == null || !item.kind.isReasoning() ? begin(Kind.REASONING) : item;
    String provider = log.provider();
    log.closeItem(
        of.outputIndex, done -> sealing.done(done, provider == null ? "" : provider, state));
    open = null;
  }

  /** Writes a delta and its token together. */
  private void say(NextEvent delta) throws InterruptedException {
    log.append(delta, count());
  }

  private void whole(Item call) throws InterruptedException {
    close();
    said = true;
    calledTools = true;
    int index = log.nextOutputIndex();
    Item item = call.withId(id(ItemPrefix.of(call), index));
    log.append(
        seq -> new OutputItemEvent.Added(seq, index, item.withStatus(ItemStatus.IN_PROGRESS)));
    count();
    log.closeItem(index);
  }

  private void call(Piece.ToolCall call, Map<String, JsonNode> extra) throws InterruptedException {
    close();
    said = true;
    if (call.kind() == Piece.ToolCall.Kind.FUNCTION && calls.takes(call.name())) {
      calls.begin(call.name(), call.callId(), call.index());
      return;
    }
    calledTools = true;
    int index = log.nextOutputIndex();
    Open item =
        switch (call.kind()) {
          case FUNCTION -> new Open(Kind.FUNCTION, id("fc", index), index, call.index());
          case CUSTOM -> new Open(Kind.CUSTOM, id("ctc", index), index, call.index());
        };
    added(
        item,
        switch (call.kind()) {
          case FUNCTION ->
              new FunctionCall(
                  item.id, call.callId(), call.name(), "", ItemStatus.IN_PROGRESS, extra);
          case CUSTOM ->
              new CustomToolCall(
                  item.id, call.callId(), call.name(), "", ItemStatus.IN_PROGRESS, extra);
        });
  }

  private void arguments(Piece.ToolCallDelta delta) throws InterruptedException {
    if (calls.isOpen(delta.index())) {
      log.used(count());
      calls.arguments(delta.delta());
      return;
    }
    Open item = open;
    if (item == null || !item.kind.isCall() || item.part != delta.index()) {
      throw new IllegalStateException(
          "arguments for call " + delta.index() + ", which is not open");
    }
    say(
        item.kind == Kind.FUNCTION
            ? seq ->
                new FunctionCallArgumentsEvent.Delta(seq, item.id, item.outputIndex, delta.delta())
            : seq ->
                new CustomToolCallInputEvent.Delta(seq, item.id, item.outputIndex, delta.delta()));
  }

  private Open opened(Kind kind) throws InterruptedException {
    said = true;
    Open item = open;
    if (item == null || item.kind != kind) {
      item = sameMessage(item, kind) ? nextPart(item, kind) : begin(kind);
    }
    return item;
  }

  /** Text and refusal are parts of one message. */
  private static boolean sameMessage(@Nullable Open item, Kind kind) {
    return item != null && item.kind.isMessage() && kind.isMessage();
  }

  private Open nextPart(@Nullable Open item, Kind kind) throws InterruptedException {
    endText();
    if (item == null) {
      throw new IllegalStateException("no message is open");
    }
    Open next = new Open(kind, item.id, item.outputIndex, item.part + 1);
    open = next;
    partAdded(next);
    return next;
  }

  private Open begin(Kind kind) throws InterruptedException {
    close();
    int index = log.nextOutputIndex();
    Open item = new Open(kind, id(kind.isMessage() ? "msg" : "rs", index), index, 0);
    if (kind.isMessage()) {
      added(item, Message.assistant(item.id, List.of(), ItemStatus.IN_PROGRESS));
      partAdded(item);
    } else {
      added(item, Reasoning.of(item.id, List.of(), ItemStatus.IN_PROGRESS));
      if (kind == Kind.SUMMARY) {
        log.append(seq ->
            new ReasoningSummaryPartEvent.Added(
                seq, item.id, item.outputIndex, 0, new SummaryText("")));
      }
    }
    return item;
  }

  private void added(Open item, Item first) throws InterruptedException {
    open = item;
    log.append(seq -> new OutputItemEvent.Added(seq, item.outputIndex, first));
  }

  private void partAdded(Open item) throws InterruptedException {
    cited =
        item.kind == Kind.TEXT
            ? CitedText.of(tools.citations(), item.id, item.outputIndex, item.part)
            : null;
    var part = item.kind == Kind.TEXT ? OutputText.of("") : new Refusal("");
    log.append(seq -> new ContentPartEvent.Added(seq, item.id, item.outputIndex, item.part, part));
  }

  private void close() throws InterruptedException {
    calls.close();
    if (open != null) {
      endText();
      log.closeItem(open.outputIndex, sealing::done);
      open = null;
    }
  }

  private String id(String prefix, int outputIndex) {
    return Ids.outputItem(prefix, log.id().value(), outputIndex);
  }

  /**
   * What is used with one more delta, which is about one token: what a cancelled response is
   * charged where no engine told, or has not told since.
   */
  private Usage count() {
    deltas++;
    Usage base = told == null ? Usage.of(usage.estimatedInput(), 0) : told;
    return usage.with(base.plusOutput(deltas));
  }

  private enum Kind {
    TEXT,
    REFUSAL,
    REASONING,
    SUMMARY,
    FUNCTION,
    CUSTOM;

    boolean isMessage() {
      return this == TEXT || this == REFUSAL;
    }

    boolean isReasoning() {
      return this == REASONING || this == SUMMARY;
    }

    boolean isCall() {
      return this == FUNCTION || this == CUSTOM;
    }
  }

  /** The item being written; {@code part} is its open content part, or the engine's call index. */
  private record Open(Kind kind, String id, int outputIndex, int part) {}
}
