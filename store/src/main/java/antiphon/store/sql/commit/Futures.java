package antiphon.store.sql.commit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** PendingWrite for futures. */
public final class Futures {

  private Futures() {}

  /** Waits, keeping an interrupt for afterwards, and throws what the future failed with. */
  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }
}
