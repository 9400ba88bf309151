package antiphon.store.sql.jdbc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends things that may resist. */
public final class Closing {

  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

  /** Waits for an end; an interrupt is kept for afterwards. */
  public interface Wait {
    void await() throws InterruptedException;
  }

  static void quietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      LOG.debug("closing {}", thing, e);
    }
  }

  public static void uninterruptibly(Wait wait) {
    boolean interrupted = false;
    while (true) {
      try {
        wait.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
