package antiphon.store.sql.commit;

import antiphon.core.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the database from what was tried last. While it is known not to work, calls of
 * clients fail at once instead of waiting their turn to fail; whoever asks on behalf of {@link
 * antiphon.core.health.HealthMonitor} is let through and finds out when it works again.
 */
public final class Reach {

  private volatile @Nullable String unreachable;
  private volatile @Nullable String unwritable;
  private volatile long worked = System.nanoTime();

  /** A read has got its answer, or something was committed. */
  void answered() {
    worked = System.nanoTime();
    unreachable = null;
  }

  /**
   * As much has been written as a response needs. A smaller write says nothing: there may be room
   * for it still, and one that found nothing to change needs none.
   */
  void written() {
    unwritable = null;
  }

  /** There was no connection to be had, or no answer on it. */
  void notReached(String why) {
    unreachable = why;
  }

  /** It answers, but cannot write: its disk is full, for example. */
  void notWritten(String why) {
    unwritable = why;
  }

  /** Whether the last thing that failed to be written was the database's fault. */
  boolean writes() {
    return unwritable == null;
  }

  /** Nanoseconds since anything has worked. */
  long silence() {
    return System.nanoTime() - worked;
  }

  /**
   * Before a client's read.
   *
   * @throws StoreException at once, if the database is known to be away
   */
  void requireRead(String what) {
    String why = unreachable;
    if (why != null) {
      throw new StoreException(what + ": the database does not answer: " + why);
    }
  }

  /**
   * Before a client's write.
   *
   * @throws StoreException at once, if the database is known to be away or not to write
   */
  void requireWrite(String what) {
    requireRead(what);
    String why = unwritable;
    if (why != null) {
      throw new StoreException(what + ": the database cannot write: " + why);
    }
  }
}
