package antiphon.core.create;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Large conversations are put together a few at a time: each is in memory as it was stored, as JSON
 * and as items, all at once.
 */
final class LargeOnes {

  /** What a conversation may read without waiting for its turn, in bytes of JSON. */
  static final long SMALL = 1024 * 1024;

  /** The part of the heap that they may take as JSON. */
  private static final int PART = 8;

  private static final Duration SOON = Duration.ofSeconds(1);

  /** How one waits for its turn. */
  sealed interface Wait {
    /** A client waits too: not for long. */
    record AtMost(Duration patience) implements Wait {}

    /** It has been accepted, and nobody can be asked to come again. */
    record ForItsTurn() implements Wait {}
  }

  private final Semaphore places;

  /**
   * @param atOnce how many at a time
   */
  LargeOnes(int atOnce) {
    places = new Semaphore(atOnce, true);
  }

  /**
   * As many as fit an eighth of the heap.
   *
   * @param maxBytes how large each may be, as JSON
   */
  static LargeOnes forThisHeap(long maxBytes) {
    return new LargeOnes(Math.clamp(Runtime.getRuntime().maxMemory() / PART / maxBytes, 1, 1_000));
  }

  /**
   * Waits for a turn.
   *
   * @throws Rejected if there is none in time
   */
  void enter(Wait wait) throws InterruptedException {
    switch (wait) {
      case Wait.AtMost(Duration patience) -> {
        if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new Rejected(
              new Problem.Unavailable(
                  "Too many large conversations are being put together just now; send the request"
                      + " again in a moment.",
                  SOON));
        }
      }
      // An interrupt is kept for the run: what goes before it does not last.
      case Wait.ForItsTurn _ -> places.acquireUninterruptibly();
    }
  }

  void leave() {
    places.release();
  }
}
