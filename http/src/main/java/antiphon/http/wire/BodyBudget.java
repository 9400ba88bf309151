package antiphon.http.wire;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the bodies of all requests together may take, and how many of them are heard before anybody
 * has looked at their key.
 */
final class BodyBudget {

  /** A body that declares no more than this may be read before its key is looked at. */
  static final int EARLY_BYTES = 64 * 1024;

  /** The part of all bytes that early bodies can take. */
  private static final int EARLY_PART = 8;

  private static final int MAX_EARLY = 4096;

  private final AtomicLong left;
  private final AtomicInteger early;

  /**
   * @param bytes how many all bodies may have together
   */
  BodyBudget(long bytes) {
    left = new AtomicLong(bytes);
    early = new AtomicInteger(Math.clamp(bytes / EARLY_PART / EARLY_BYTES, 4, MAX_EARLY));
  }

  /** Takes one of the places for early bodies; false if there is none. */
  boolean enterEarly() {
    return early.getAndUpdate(places -> places > 0 ? places - 1 : 0) > 0;
  }

  void leaveEarly() {
    early.incrementAndGet();
  }

  /** Whether this many bytes could be had now. */
  boolean has(long bytes) {
    return left.get() >= bytes;
  }

  /** A share for one request, empty at first. */
  Share share() {
    return new Share();
  }

  /** What one request has of the budget; used by its loop and by its virtual thread. */
  final class Share {
    private long held;
    private boolean over;

    /** Takes so many bytes more; false if there are not so many, or the request is over. */
    synchronized boolean take(long bytes) {
      if (over) {
        return false;
      }
      if (left.addAndGet(-bytes) < 0) {
        left.addAndGet(bytes);
        return false;
      }
      held += bytes;
      return true;
    }

    /** Gives everything back; may be called again. */
    synchronized void release() {
      over = true;
      left.addAndGet(held);
      held = 0;
    }
  }
}
