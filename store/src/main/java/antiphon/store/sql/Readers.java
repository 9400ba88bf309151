package antiphon.store.sql;

import antiphon.core.store.StoreException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Reads on a few platform threads. A virtual thread that asks waits without holding its carrier,
 * and its interruption never reaches a connection.
 */
final class Readers implements AutoCloseable {

  /** Something to be read. */
  @FunctionalInterface
  interface Read<T> {
    T read(Session session) throws SQLException;
  }

  private static final int ATTEMPTS = 3;

  private final ExecutorService threads;
  private final Sessions sessions;
  private final Dialect dialect;

  Readers(String name, int count, Sessions sessions, Dialect dialect) {
    this.sessions = sessions;
    this.dialect = dialect;
    this.threads =
        Executors.newFixedThreadPool(count, Thread.ofPlatform().name(name, 0).daemon().factory());
  }

  /**
   * Reads and waits for it; an interrupt is kept for afterwards.
   *
   * @param what the name of the call, for messages
   */
  <T> T read(String what, Read<T> read) {
    try {
      return Futures.await(CompletableFuture.supplyAsync(() -> run(what, read), threads));
    } catch (RejectedExecutionException e) {
      throw new StoreException("the store is closed", e);
    }
  }

  private <T> T run(String what, Read<T> read) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(read);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !dialect.mayPass(e)) {
          throw new StoreException(what + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private <T> T once(Read<T> read) throws SQLException {
    Session session = sessions.take();
    boolean sound = true;
    try {
      return read.read(session);
    } catch (SQLException e) {
      sound = !dialect.mayPass(e);
      throw e;
    } finally {
      sessions.give(session, sound);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    Closing.uninterruptibly(() -> threads.awaitTermination(1, TimeUnit.MINUTES));
    sessions.close();
  }
}
