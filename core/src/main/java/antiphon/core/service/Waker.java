package antiphon.core.service;

import antiphon.core.call.Entry;
import antiphon.core.call.ServerCalls;
import antiphon.core.log.LiveLog;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.run.LiveResponses;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoredResponse;
import java.time.Duration;
import java.time.Instant;

/** Wakes responses that sleep, on whatever node they were. */
final class Waker {

  private static final int LONGEST = 20_000;

  /** A run that has said that it sleeps parks at once; so long it is asked for again. */
  private static final Duration PARKING = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;

  Waker(ResponseStore store, Signals signals, LiveResponses live) {
    this.store = store;
    this.signals = signals;
    this.live = live;
  }

  /**
   * Wakes a response.
   *
   * @param message what it is to hear
   * @return when
   * @throws Rejected if there is none, it does not sleep, or the message cannot be
   */
  Instant wake(ResponseId id, String message) throws InterruptedException {
    int length = message.codePointCount(0, message.length());
    if (length < 1 || length > LONGEST) {
      throw Rejected.invalid(
          "input", "Invalid 'input': must have 1 to 20000 characters, but has " + length + ".");
    }
    LiveLog log = live.find(id);
    if (log != null && !log.durable() && log.wake(message)) {
      return now();
    }
    byte[] entry = new Entry.Woken(null, message).json();
    long deadline = System.nanoTime() + PARKING.toNanos();
    while (true) {
      requireHearing(id);
      switch (store.wake(id, entry)) {
        case WOKEN -> {
          signals.publish(new Signals.Signal.Queue());
          return now();
        }
        case GONE -> throw NotFound.response(id.value());
        case NOT_WAITING -> {
          if (!falls(id) || System.nanoTime() > deadline) {
            throw awake(id);
          }
          Thread.sleep(PAUSE);
        }
      }
    }
  }

  /** One that waits, but for nothing that a message could bring it, stays as it is. */
  private void requireHearing(ResponseId id) {
    ServerCalls calls = calls(id);
    if (calls.isAsleep() && !calls.hears()) {
      throw awake(id);
    }
  }

  private ServerCalls calls(ResponseId id) {
    ServerCalls calls = new ServerCalls();
    calls.replay(store.entries(id));
    return calls;
  }

  /** Whether it is about to sleep: it has said so, and its run has not let go of it yet. */
  private boolean falls(ResponseId id) {
    StoredResponse stored = store.find(id).orElseThrow(() -> NotFound.response(id.value()));
    if (stored.status().isTerminal() || !stored.background()) {
      return false;
    }
    return calls(id).hears();
  }

  private static Rejected awake(ResponseId id) {
    return new Rejected(
        new Problem.Conflict("Response '" + id.value() + "' is not sleeping.", "response_id"));
  }

  private Instant now() {
    return Instant.ofEpochMilli(store.clock().millis());
  }
}
