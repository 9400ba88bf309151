package antiphon.core.log;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.Signals;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** Where the log of a running response goes. */
public sealed interface LogSink {

  /** Whether an event must be durable before anyone sees it. */
  boolean durableFirst();

  /** Whether somebody reads the events as they come; who comes later is served all the same. */
  boolean followed();

  /** Whether the store takes the events: what it has need not stay in memory. */
  boolean kept();

  /** Which run writes. */
  RunKey run();

  /** The epoch of {@link #run}. */
  default long epoch() {
    return run().epoch();
  }

  /** Milliseconds since 1970, by the store's clock. */
  long now();

  /** Writes events; only called where they are {@link #kept}. */
  CompletableFuture<AppendOutcome> append(Append append);

  /** Brings an ending to where it is decided. */
  CompletableFuture<EndOutcome> end(Ending ending);

  /**
   * A response that is stored.
   *
   * @param delivery background events are durable first; a foreground log is written at its end, or
   *     as it goes when it becomes long
   */
  record Stored(ResponseStore store, Signals signals, RunKey run, Delivery delivery)
      implements LogSink {

    @Override
    public boolean kept() {
      return true;
    }

    @Override
    public boolean durableFirst() {
      return delivery == Delivery.BACKGROUND;
    }

    @Override
    public boolean followed() {
      return delivery != Delivery.AT_ITS_END;
    }

    @Override
    public long now() {
      return store.clock().millis();
    }

    @Override
    public CompletableFuture<AppendOutcome> append(Append append) {
      return store.append(append).whenComplete((_, _) -> tell());
    }

    @Override
    public CompletableFuture<EndOutcome> end(Ending ending) {
      return store.end(run.id(), ending).whenComplete((_, _) -> tell());
    }

    /** Those who follow this log on other nodes. */
    private void tell() {
      signals.publish(new Signals.Signal.Changed(run.id().value()));
    }
  }

  /**
   * A response with {@code store: false}: nothing is kept, nobody else can end it.
   *
   * @param delivery nothing is durable; it tells whether anybody follows
   */
  record Unstored(ResponseId id, Delivery delivery, InstantSource clock) implements LogSink {

    @Override
    public boolean kept() {
      return false;
    }

    @Override
    public boolean followed() {
      return delivery != Delivery.AT_ITS_END;
    }

    @Override
    public boolean durableFirst() {
      return false;
    }

    @Override
    public RunKey run() {
      return new RunKey(id, 1);
    }

    @Override
    public long now() {
      return clock.millis();
    }

    @Override
    public CompletableFuture<AppendOutcome> append(Append append) {
      return CompletableFuture.completedFuture(AppendOutcome.DONE);
    }

    @Override
    public CompletableFuture<EndOutcome> end(Ending ending) {
      return CompletableFuture.completedFuture(new EndOutcome.Unopposed());
    }
  }
}
