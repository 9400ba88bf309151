package antiphon.store.sql.commit;

import antiphon.core.store.StoreException;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A write on its way.
 *
 * @param <T> what will have become of it
 */
public final class PendingWrite<T> {

  private final String name;
  private final String key;
  private final int weight;
  private final Urgency urgency;
  private final Write<T> write;
  private final long since = System.nanoTime();
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private @Nullable T result;
  private @Nullable Throwable failure;

  /**
   * A write that nobody has executed yet.
   *
   * @param name what it does, for messages
   * @param key what it changes: writes with the same key keep their order
   * @param weight its size in KiB
   */
  public PendingWrite(String name, String key, int weight, Urgency urgency, Write<T> write) {
    this.name = name;
    this.key = key;
    this.weight = weight;
    this.urgency = urgency;
    this.write = write;
  }

  public String name() {
    return name;
  }

  public String key() {
    return key;
  }

  int weight() {
    return weight;
  }

  Urgency urgency() {
    return urgency;
  }

  /** When it came, on the clock of {@link System#nanoTime}. */
  long since() {
    return since;
  }

  public Write<T> write() {
    return write;
  }

  CompletableFuture<T> future() {
    return future;
  }

  public void execute(Session session) throws SQLException {
    succeed(write.write(session));
  }

  public void succeed(T outcome) {
    failure = null;
    result = outcome;
  }

  void fail(Throwable cause) {
    failure =
        cause instanceof SQLException
            ? new StoreException(name + ": " + cause.getMessage(), cause)
            : cause;
  }

  /** Tells the caller; it has been committed, or it has failed. */
  void answer() {
    if (failure != null) {
      future.completeExceptionally(failure);
    } else {
      future.complete(Objects.requireNonNull(result));
    }
  }
}
