package antiphon.core.step;

import antiphon.core.call.Entry;
import antiphon.core.create.CompactedHistory;
import antiphon.core.create.Compacting;
import antiphon.core.create.ContextManagement;
import antiphon.core.create.Summarizing;
import antiphon.core.create.Summary;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.response.Ids;
import antiphon.core.response.Problem;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step in which the conversation so far is summed up, so that the model goes on with less: it
 * becomes one item of the output, whole or not at all.
 */
final class CompactStep {

  private static final Logger LOG = LoggerFactory.getLogger(CompactStep.class);

  /** No tokenizer makes more of a text: what is smaller need not be counted. */
  private static final int LEAST_BYTES_PER_TOKEN = 2;

  /** About so many bytes of JSON make a token, where nobody counts. */
  private static final int BYTES_PER_TOKEN = 4;

  private final Run run;
  private final LiveLog log;
  private final RouteFailover failover;
  private final Sealing sealing;

  CompactStep(Run run, RouteFailover failover, Sealing sealing) {
    this.run = run;
    this.log = run.log();
    this.failover = failover;
    this.sealing = sealing;
  }

  /** Whether the request wants this and nothing else. */
  boolean isAsked() {
    return CompactedHistory.isAsked(run.conversation());
  }

  /**
   * Compacts before a turn whose context is larger than the request allows. If that cannot be done
   * the turn is run as it is: the model may still take it.
   *
   * @param next the turn
   * @return whether the context is another one now
   */
  boolean before(Turn next) throws InterruptedException {
    try {
      if (!isDue(next)) {
        return false;
      }
      run();
      return true;
    } catch (EngineException e) {
      Complaints.warn(LOG, "compact", log.id() + " was not compacted: " + e.getMessage());
      return false;
    }
  }

  private boolean isDue(Turn next) throws EngineException, InterruptedException {
    OptionalLong threshold =
        ContextManagement.threshold(run.request(), failover.route().contextLength());
    List<Item> told = log.told();
    boolean justDone = !told.isEmpty() && told.getLast() instanceof Compaction;
    if (threshold.isEmpty() || justDone || next.continuation() != null) {
      return false;
    }
    long bytes = size(next);
    if (bytes / LEAST_BYTES_PER_TOKEN < threshold.getAsLong()) {
      return false;
    }
    Optional<Integer> counted = failover.route().engine().countInputTokens(next);
    return counted.map(Integer::longValue).orElse(bytes / BYTES_PER_TOKEN) >= threshold.getAsLong();
  }

  private static long size(Turn turn) {
    long bytes = turn.items().stream().mapToLong(item -> Json.bytes(item).length).sum();
    bytes +=
        turn.request().instructions() == null
            ? 0
            : Json.bytes(turn.request().instructions()).length;
    return bytes + (turn.request().tools() == null ? 0 : Json.bytes(turn.request().tools()).length);
  }

  /** Compacts. */
  void run() throws EngineException, InterruptedException {
    List<Item> items = new ArrayList<>(run.conversation());
    items.addAll(log.told());
    List<Item> seen = CompactedHistory.seen(sealing.seal(), sealing.owner(), items);
    Compacting.Parts parts = Compacting.of(seen, seen);
    TurnUsage usage = TurnUsage.of(log, run.estimatedInput());
    Usage used = Usage.ZERO;
    String text = "";
    for (String portion :
        Summarizing.portions(parts.transcript(), failover.route().contextLength())) {
      Written written = new Written();
      TurnResult result = failover.generate(turn(Summarizing.asked(text, portion)), written);
      text = written.text.toString().strip();
      used = used.plus(result.usage());
      if (text.isEmpty()) {
        throw new EngineException(
            new Problem.Engine(
                Problem.Engine.Kind.BROKEN, "The model has written no summary.", null));
      }
    }
    write(new Summary(text, parts.before(), parts.after()), usage.with(used), used.outputTokens());
  }

  private Turn turn(String asked) {
    String model = failover.route().model();
    return new Turn(Summarizing.request(model, asked), model, List.of(Message.user(asked)), null);
  }

  private void write(Summary summary, Usage used, int tokens) throws InterruptedException {
    log.append(
        index -> {
          Item item =
              summary.sealed(
                  sealing.seal(), sealing.owner(), Ids.outputItem("cmp", log.id().value(), index));
          return List.of(
              seq -> new OutputItemEvent.Added(seq, index, item),
              seq -> new OutputItemEvent.Done(seq, index, item));
        },
        new Entry.Compacted(used, tokens));
    log.used(used);
  }

  /** What a model writes; all else is left out. */
  private static final class Written implements PieceSink {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void accept(Piece piece) {
      if (piece instanceof Piece.Text said) {
        text.append(said.delta());
      }
    }
  }
}
