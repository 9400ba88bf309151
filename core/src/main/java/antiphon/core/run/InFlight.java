package antiphon.core.run;

import java.time.Duration;

/** Counts the runs on threads that are not this node's own, so that a stop can wait for them. */
final class InFlight {

  private int count;
  private boolean closed;

  /** One more; false if none may begin any more. */
  synchronized boolean enter() {
    if (closed) {
      return false;
    }
    count++;
    return true;
  }

  /** One is over. */
  synchronized void leave() {
    count--;
    notifyAll();
  }

  /** None may begin any more. */
  synchronized void close() {
    closed = true;
  }

  /**
   * Waits until all are over.
   *
   * @return false if some were not in this time
   */
  synchronized boolean awaitNone(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (count > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // Above 0, for 0 would mean for ever.
      wait(Math.max(1, Duration.ofNanos(left).toMillis()));
    }
    return true;
  }
}
