package antiphon.http.wire;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the bodies of all requests together may take, and how many of them are heard before anybody
 * has looked at their key. Short bodies have a part of their own, which long ones cannot take.
 */
final class BodyBudget {

  /** A body that declares no more than this may be read before its key is looked at. */
  static final int EARLY_BYTES = 64 * 1024;

  /** The part of all bytes that early bodies can take, and so much short ones have beside all. */
  private static final int EARLY_PART = 8;

  private static final int MAX_EARLY = 4096;

  private final AtomicLong left;
  private final AtomicLong leftForShort;
  private final AtomicInteger early;

  /**
   * @param bytes how many all bodies may have together
   */
  BodyBudget(long bytes) {
    left = new AtomicLong(bytes);
    leftForShort = new AtomicLong(bytes / EARLY_PART);
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
    return left.get() >= bytes || (bytes <= EARLY_BYTES && leftForShort.get() >= bytes);
  }

  /**
   * A share for one request, empty at first.
   *
   * @param declared how long its body is said to be, in bytes; negative if that is not said
   */
  Share share(long declared) {
    return new Share(declared >= 0 && declared <= EARLY_BYTES);
  }

  private static boolean take(AtomicLong from, long bytes) {
    if (from.addAndGet(-bytes) < 0) {
      from.addAndGet(bytes);
      return false;
    }
    return true;
  }

  /** What one request has of the budget; used by its loop and by its virtual thread. */
  final class Share {
    private final boolean isShort;
    private long held;
    private long heldOfShort;
    private boolean over;

    private Share(boolean isShort) {
      this.isShort = isShort;
    }

    /** Takes so many bytes more; false if there are not so many, or the request is over. */
    synchronized boolean take(long bytes) {
      if (over) {
        return false;
      }
      if (isShort && heldOfShort + bytes <= EARLY_BYTES && BodyBudget.take(leftForShort, bytes)) {
        heldOfShort += bytes;
        return true;
      }
      if (BodyBudget.take(left, bytes)) {
        held += bytes;
        return true;
      }
      return false;
    }

    /** Gives back so many of the bytes that it has. */
    synchronized void give(long bytes) {
      long back = Math.min(bytes, held);
      held -= back;
      left.addAndGet(back);
    }

    /** Gives everything back; may be called again. */
    synchronized void release() {
      over = true;
      left.addAndGet(held);
      leftForShort.addAndGet(heldOfShort);
      held = 0;
      heldOfShort = 0;
    }
  }
}
