package antiphon.http.resource;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How others end a stream before its end: between two of its events, never inside one. They
 * interrupt its thread only while it waits for events; while it writes, it finds out afterwards.
 */
final class Ending {

  /** Why it ends. */
  enum Why {
    /** The server stops; the client can go on at another node. */
    STOPPING,
    /** The key that it was opened with does not work any more. */
    REVOKED
  }

  /** Thrown on the stream's own thread, between two events. */
  static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;

    private final Why why;

    Ended(Why why) {
      super(why.name(), null, false, false);
      this.why = why;
    }

    Why why() {
      return why;
    }
  }

  private final Thread reader = Thread.currentThread();
  private @Nullable Why why;
  private boolean waiting;

  /** Ends the stream; the first reason holds. Called on any thread, does not block. */
  synchronized void end(Why reason) {
    if (why == null) {
      why = reason;
      if (waiting) {
        reader.interrupt();
      }
    }
  }

  /**
   * The reader's next events.
   *
   * @throws Ended if the stream is to end instead
   * @throws InterruptedException if the client has left
   */
  @Nullable List<EncodedEvent> next(EventReader events, Duration patience)
      throws InterruptedException, Ended {
    synchronized (this) {
      ask();
      waiting = true;
    }
    try {
      List<EncodedEvent> batch = events.next(patience);
      over();
      return batch;
    } catch (InterruptedException e) {
      synchronized (this) {
        waiting = false;
        ask();
      }
      throw e;
    } finally {
      over();
    }
  }

  /** An interruption that came too late to be heard is not to be heard by what follows. */
  private synchronized void over() {
    if (waiting) {
      waiting = false;
      if (why != null) {
        var _ = Thread.interrupted();
      }
    }
  }

  private void ask() throws Ended {
    Why reason = why;
    if (reason != null) {
      throw new Ended(reason);
    }
  }
}
