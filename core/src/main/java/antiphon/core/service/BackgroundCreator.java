package antiphon.core.service;

import antiphon.core.create.IdempotencyKey;
import antiphon.core.queue.Admission;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.NewResponse;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.protocol.event.EventWriter;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes background responses: durable first, then answered; the dispatcher claims them. */
final class BackgroundCreator {

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final Signals signals;
  private final NewRows rows;

  BackgroundCreator(RunnerSettings settings, ResponseStore store, Signals signals, NewRows rows) {
    this.settings = settings;
    this.store = store;
    this.signals = signals;
    this.rows = rows;
  }

  /**
   * Writes it.
   *
   * @param key null for a new response in any case
   */
  Made create(Prepared made, @Nullable IdempotencyKey key) {
    requireRoom(made.id().owner().tenant());
    Response response = made.state().response();
    EventWriter writer = new EventWriter();
    List<byte[]> events =
        List.of(
            writer.bytes(new ResponseEvent.Created(0, response)),
            writer.bytes(new ResponseEvent.Queued(1, response)));
    NewResponse row = made.row(settings, store.clock().millis(), events);
    Optional<Made> before = write(row, made, key);
    if (before.isPresent()) {
      return before.get();
    }
    signals.publish(new Signals.Signal.Queue());
    return new Made.Background(made.id(), writer.bytes(response));
  }

  private Optional<Made> write(NewResponse row, Prepared made, @Nullable IdempotencyKey key) {
    if (made.into() != null) {
      try {
        return rows.write(row, made.into(), -1, key);
      } catch (NewRows.NotItsTurn _) {
        throw ConversationTurns.busy(made.into());
      }
    }
    if (key != null) {
      return rows.write(row, key);
    }
    NewRows.join(rows.write(row));
    return Optional.empty();
  }

  /** Each tenant has a bound of its own: one that floods the queue shuts nobody else out. */
  private void requireRoom(String tenant) {
    int most = settings.maxWaiting();
    // Few wait nearly always; then nobody needs to be counted apart.
    int all = store.queued();
    if (all < most) {
      return;
    }
    int own = store.queued(tenant);
    if (own >= most || all >= (long) most * Admission.MOST_TENANTS_WAITING) {
      throw new Rejected(
          new Problem.Overloaded(
              "The server is busy: "
                  + (own >= most ? own + " responses of yours" : all + " responses")
                  + " are waiting already.",
              Duration.ofSeconds(5)));
    }
  }
}
