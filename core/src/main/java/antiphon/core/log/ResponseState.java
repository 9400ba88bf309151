package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.call.ServerCalls;
import antiphon.core.response.Problem;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import antiphon.protocol.event.EventWriter;
import antiphon.protocol.event.ItemEvent;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.IncompleteDetails;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseBuilder;
import antiphon.protocol.response.ResponseError;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The response as the events so far make it: a fold over its log. The same events give the same
 * response on every node, live or replayed.
 *
 * <p>Not safe for threads; {@link LiveLog} guards it.
 */
public final class ResponseState {

  private final ResponseId id;
  private final EventWriter writer = new EventWriter();
  private Response template;
  private long metadataVersion;
  private ResponseStatus status;
  private Usage usage = Usage.ZERO;
  private long next;

  /** Items by output index: those still open, and those that are done. */
  private final TreeMap<Integer, ItemState> open = new TreeMap<>();

  private final TreeMap<Integer, Done> done = new TreeMap<>();

  private final ServerCalls calls = new ServerCalls();

  /**
   * @param id whose log
   * @param template the response with everything the request determines; its status is where the
   *     state begins
   * @param metadataVersion of the metadata in the template
   */
  public ResponseState(ResponseId id, Response template, long metadataVersion) {
    this.id = id;
    this.template = template;
    this.metadataVersion = metadataVersion;
    this.status = template.status();
  }

  /** Folds the whole inner log; to be done before the events, which are judged by it. */
  public ResponseState recall(List<byte[]> entries) {
    calls.replay(entries);
    return this;
  }

  /** Folds stored events; the usage is kept beside the log. */
  public ResponseState replay(Iterable<byte[]> events, Usage used) {
    for (byte[] event : events) {
      apply(Json.readStored(event, StreamEvent.class));
    }
    usage = used;
    return this;
  }

  public ResponseId id() {
    return id;
  }

  /** The number of the next event. */
  public long nextSequence() {
    return next;
  }

  /** Where the next output item goes. */
  public int nextOutputIndex() {
    int afterOpen = open.isEmpty() ? 0 : open.lastKey() + 1;
    int afterDone = done.isEmpty() ? 0 : done.lastKey() + 1;
    return Math.max(afterOpen, afterDone);
  }

  ResponseStatus status() {
    return status;
  }

  public Usage usage() {
    return usage;
  }

  void used(Usage soFar) {
    usage = soFar;
  }

  /** Takes in a change of the metadata, unless a later one is known already. */
  void metadata(Map<String, String> metadata, long version) {
    if (version > metadataVersion) {
      template = template.toBuilder().metadata(metadata).build();
      metadataVersion = version;
    }
  }

  long metadataVersion() {
    return metadataVersion;
  }

  /** Takes in the next event; one that does not fit changes nothing but may throw. */
  void apply(StreamEvent event) {
    switch (event) {
      case ResponseEvent.Created created -> served(created.response());
      case ResponseEvent.InProgress begun -> {
        status = ResponseStatus.IN_PROGRESS;
        served(begun.response());
      }
      case OutputItemEvent.Added added ->
          open.put(added.outputIndex(), ItemStates.of(added.outputIndex(), added.item()));
      case OutputItemEvent.Done closed -> {
        open.remove(closed.outputIndex());
        boolean run = calls.isDue(closed.item().idOrEmpty());
        done.put(closed.outputIndex(), new Done(closed.item(), run));
      }
      case ItemEvent within -> {
        ItemState state = open.get(within.outputIndex());
        if (state != null) {
          state.apply(event);
        }
      }
      default -> {}
    }
    next = event.sequenceNumber() + 1;
  }

  private void served(Response said) {
    if (said.resolvedModel() != null) {
      servedBy(said.resolvedModel(), said.resolvedProvider());
    }
  }

  void servedBy(@Nullable String model, @Nullable String provider) {
    template = template.toBuilder().resolvedModel(model).resolvedProvider(provider).build();
  }

  @Nullable String servingModel() {
    return template.resolvedModel();
  }

  @Nullable String provider() {
    return template.resolvedProvider();
  }

  /** The message that broke off in the middle of its text, if the log ends inside one. */
  public @Nullable HalfMessage halfMessage() {
    if (open.size() == 1 && open.firstEntry().getValue() instanceof MessageState message) {
      String text = message.openText();
      return text == null ? null : new HalfMessage(open.firstKey(), text);
    }
    return null;
  }

  /**
   * The output items that are done, in order; the conversation goes on behind them. What the model
   * broke off is not among them: it would take it for something that it has said.
   */
  public List<Item> finished() {
    return done.values().stream().filter(item -> !item.brokenOff()).map(Done::item).toList();
  }

  /** The same as the model is to see it. */
  public List<Item> told() {
    return calls.told(finished());
  }

  /** The calls of server-run tools. */
  ServerCalls calls() {
    return calls;
  }

  /** The events that close what a turn has left open that broke off. */
  List<NextEvent> abandoning() {
    List<NextEvent> events = new ArrayList<>();
    for (ItemState state : open.values()) {
      if (!calls.isUnderWay(state.item(ItemStatus.IN_PROGRESS).idOrEmpty())) {
        events.addAll(state.closing(ItemStatus.INCOMPLETE));
      }
    }
    return events;
  }

  /** The events that close one open item, or all of them. */
  List<NextEvent> closing(@Nullable Integer outputIndex, ItemStatus itemStatus) {
    List<NextEvent> events = new ArrayList<>();
    open.forEach((index, state) -> {
      if (outputIndex == null || outputIndex.equals(index)) {
        events.addAll(state.closing(itemStatus));
      }
    });
    return events;
  }

  /** The response as it is now. */
  public Response response() {
    return template.toBuilder()
        .status(status)
        .usage(Usage.ZERO)
        .output(output(ItemStatus.IN_PROGRESS))
        .build();
  }

  /** {@link #response()} as JSON. */
  public byte[] json() {
    return writer.bytes(response());
  }

  /**
   * What the response's end would be. Changes nothing: it may be asked for again after the metadata
   * has changed.
   *
   * @param transition how it ends
   * @param now milliseconds since 1970
   * @param followed whether somebody reads the events; else they are left to be {@linkplain
   *     LogReconstruction told} later, where that is possible
   */
  public Ended ending(Transition transition, long now, boolean followed) {
    ResponseStatus end =
        transition
            .from(status)
            .orElseThrow(
                () -> new IllegalStateException(transition + " of " + id + " in " + status));
    Response response = ended(transition, end, now);
    List<EncodedEvent> events =
        followed || !LogReconstruction.possible(response) ? last(response) : List.of();
    return new Ended(
        end, events, now, usage, writer.bytes(response), metadataVersion, problem(transition));
  }

  private List<EncodedEvent> last(Response ended) {
    List<EncodedEvent> events = new ArrayList<>();
    long number = next;
    for (NextEvent closing : closing(null, ItemStatus.INCOMPLETE)) {
      events.add(encode(closing.numbered(number++)));
    }
    events.add(encode(ResponseEvent.terminal(number, ended)));
    return events;
  }

  private Response ended(Transition transition, ResponseStatus end, long now) {
    ResponseBuilder builder =
        template.toBuilder()
            .status(end)
            .completedAt(now / 1000)
            .usage(usage)
            .output(output(ItemStatus.INCOMPLETE));
    switch (transition) {
      case Transition.Fail(Problem problem) -> builder.error(Errors.of(problem));
      case Transition.Curtail(String reason) ->
          builder.incompleteDetails(new IncompleteDetails(reason));
      case Transition.Cancel _, Transition.Complete _, Transition.Claim _ -> {}
    }
    return builder.build();
  }

  private static @Nullable Problem problem(Transition transition) {
    return transition instanceof Transition.Fail(Problem problem) ? problem : null;
  }

  /**
   * The output in order. A half item that the model has begun anew is left out.
   *
   * @param openStatus the status of items that are still open
   */
  private List<Item> output(ItemStatus openStatus) {
    int last = nextOutputIndex() - 1;
    TreeMap<Integer, Item> items = new TreeMap<>();
    done.forEach((index, item) -> {
      boolean abandoned = index < last && item.brokenOff();
      if (!abandoned) {
        items.put(index, item.item);
      }
    });
    open.forEach((index, state) -> items.put(index, state.item(openStatus)));
    return List.copyOf(items.values());
  }

  /** An event of this log as it goes over the wire. */
  EncodedEvent encode(StreamEvent event) {
    return new EncodedEvent(event.type(), writer.bytes(event));
  }

  /**
   * An item that is done.
   *
   * @param run whether it is a call that this server was to run
   */
  private record Done(Item item, boolean run) {
    /** Whether the model was generating it when its run ended, before it was whole. */
    boolean brokenOff() {
      return !run && item.status() == ItemStatus.INCOMPLETE;
    }
  }

  /** A message whose end is missing. */
  public record HalfMessage(int outputIndex, String text) {}

  /**
   * An ending, made but not yet decided.
   *
   * @param events closing events, the terminal one last; none if the log stays unwritten
   */
  public record Ended(
      ResponseStatus status,
      List<EncodedEvent> events,
      long completedAt,
      Usage usage,
      byte[] snapshot,
      long metadataVersion,
      @Nullable Problem problem) {

    /** Whether the log is to be told from the snapshot, if anybody asks. */
    boolean unwritten() {
      return events.isEmpty();
    }
  }

  /** The {@code error} of a failed response. */
  private static final class Errors {
    static ResponseError of(Problem problem) {
      return new ResponseError(code(problem), problem.message());
    }

    private static String code(Problem problem) {
      return switch (problem) {
        case Problem.Invalid invalid -> invalid.code() == null ? "invalid_prompt" : invalid.code();
        case Problem.Engine engine ->
            engine.kind() == Problem.Engine.Kind.RATE_LIMITED
                ? "rate_limit_exceeded"
                : "server_error";
        case Problem.Overloaded _ -> "rate_limit_exceeded";
        case Problem.Forbidden _,
            Problem.NotFound _,
            Problem.Conflict _,
            Problem.Gone _,
            Problem.Unavailable _,
            Problem.Internal _ ->
            "server_error";
      };
    }
  }
}
