package antiphon.http.wire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a WebSocket's client has sent and nobody is done with, counted against the bytes of all
 * bodies, from the first byte of a frame on. Everything happens on the connection's loop, unless it
 * says otherwise.
 */
final class SocketIntake {

  private static final long BYTES_A_SECOND = 64 * 1024;

  /** Messages are mostly short, and then take from what is kept for those. */
  private static final long SHORT = 0;

  private final BodyBudget budget;
  private final Duration patience;

  /** What is remembered beyond a message. */
  private final BodyBudget.Share kept;

  private BodyBudget.@Nullable Share coming;
  private long bytes;
  private long began;
  private boolean within;
  private boolean paused;
  private boolean refused;

  /** When the rest of what comes is late, in milliseconds; 0 if nothing is owed. */
  private volatile long due;

  /**
   * @param patience for a message; every 64 KiB received earn another second
   */
  SocketIntake(BodyBudget budget, Duration patience) {
    this.budget = budget;
    this.patience = patience;
    this.kept = budget.share(-1);
  }

  /** Counts bytes that have come; false, from then on, if all clients together hold too many. */
  boolean takes(int more) {
    if (refused) {
      return false;
    }
    BodyBudget.Share share = coming;
    if (share == null) {
      share = budget.share(SHORT);
      coming = share;
      began = Connection.now();
    }
    bytes += more;
    expect();
    refused = !share.take(more);
    return !refused;
  }

  /** A frame that ends no message has come. */
  void part() {
    within = true;
  }

  /** A message is whole: what it holds, to be given back when it is done with. */
  BodyBudget.Share whole() {
    BodyBudget.Share share = coming == null ? budget.share(SHORT) : coming;
    forget();
    return share;
  }

  /** A frame has come that belongs to no message. */
  void control() {
    if (!within && !paused && coming != null) {
      coming.release();
      forget();
    }
  }

  private void forget() {
    coming = null;
    bytes = 0;
    within = false;
    due = 0;
  }

  /** Nothing is read for now, so nothing can be late. */
  void pause() {
    paused = true;
    due = 0;
  }

  void resume() {
    paused = false;
    began = Connection.now();
    expect();
  }

  private void expect() {
    if (!paused && bytes > 0) {
      due = began + patience.toMillis() + bytes * 1000 / BYTES_A_SECOND;
    }
  }

  /** Whether a message has been begun and not been gone on with; called on any thread. */
  boolean late() {
    long deadline = due;
    return deadline != 0 && Connection.now() > deadline;
  }

  /** Counts so many bytes until they are given back; false if there are not so many. Any thread. */
  boolean keep(long more) {
    return kept.take(more);
  }

  /** Gives back so many of those; any thread. */
  void forget(long less) {
    kept.give(less);
  }

  /** The client is gone: gives back what no message has. */
  void close() {
    kept.release();
    if (coming != null) {
      coming.release();
    }
    forget();
  }
}
