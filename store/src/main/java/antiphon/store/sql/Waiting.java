package antiphon.store.sql;

import antiphon.core.store.StoreException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A write that waits for its group.
 *
 * @param <T> what will have become of it
 */
final class Waiting<T> {

  private final String name;
  private final int weight;
  private final Write<T> write;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private @Nullable T result;
  private @Nullable Throwable failure;

  Waiting(String name, int weight, Write<T> write) {
    this.name = name;
    this.weight = weight;
    this.write = write;
  }

  String name() {
    return name;
  }

  int weight() {
    return weight;
  }

  CompletableFuture<T> future() {
    return future;
  }

  void execute(Session session) throws SQLException {
    failure = null;
    result = write.write(session);
  }

  void fail(Throwable cause) {
    failure =
        cause instanceof SQLException
            ? new StoreException(name + ": " + cause.getMessage(), cause)
            : cause;
  }

  /** Tells the caller; {@code execute} has been committed or {@code fail} has been called. */
  void answer() {
    if (failure != null) {
      future.completeExceptionally(failure);
    } else {
      future.complete(Objects.requireNonNull(result));
    }
  }
}
