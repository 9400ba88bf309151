package antiphon.store.sql.commit;

import antiphon.core.store.StoreException;
import antiphon.store.sql.jdbc.Closing;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.jdbc.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads on a few platform threads. A virtual thread that asks waits without holding its carrier,
 * and its interruption never reaches a connection. Nobody waits long for a database that is silent,
 * and only so many may wait.
 */
public final class Readers implements AutoCloseable {

  /** Something to be read. */
  @FunctionalInterface
  public interface Read<T> {
    T read(Session session) throws SQLException;
  }

  private static final int ATTEMPTS = 3;
  private static final int MOST_WAITING = 4096;

  /** So long at least anybody waits; longer only for a database that answers others. */
  private static final long PATIENCE = Duration.ofSeconds(3).toNanos();

  private static final long SILENCE = Duration.ofMillis(2500).toNanos();

  private static final long LOOK_MILLIS = 250;

  private final ThreadPoolExecutor threads;
  private final Sessions sessions;
  private final Dialect dialect;
  private final Reach reach;

  Readers(String name, int count, Sessions sessions, Dialect dialect, Reach reach) {
    this.sessions = sessions;
    this.dialect = dialect;
    this.reach = reach;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name(name, 0).daemon().factory());
  }

  /**
   * Reads and waits for it; an interrupt is kept for afterwards.
   *
   * @param what the name of the call, for messages
   * @throws StoreException also if too many wait already, or the database is silent for too long
   */
  <T> T read(String what, Read<T> read) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> run(what, read, answer));
    } catch (RejectedExecutionException e) {
      String why = threads.isShutdown() ? "the store is closed" : "too many wait for the database";
      throw new StoreException(what + ": " + why, e);
    }
    return await(what, answer);
  }

  private <T> T await(String what, CompletableFuture<T> answer) {
    long begin = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException e) {
          return Futures.await(CompletableFuture.failedFuture(e.getCause()));
        } catch (TimeoutException _) {
          if (System.nanoTime() - begin > PATIENCE && reach.silence() > SILENCE) {
            reach.notReached("no answer in time");
            // Whoever comes to it later need not read it any more.
            answer.cancel(false);
            throw new StoreException(what + ": the database does not answer in time");
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> void run(String what, Read<T> read, CompletableFuture<T> answer) {
    if (answer.isDone()) {
      return;
    }
    try {
      answer.complete(attempts(what, read));
    } catch (Throwable e) {
      answer.completeExceptionally(e);
    }
  }

  private <T> T attempts(String what, Read<T> read) {
    for (int attempt = 1; ; attempt++) {
      try {
        T result = once(read);
        reach.answered();
        return result;
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !dialect.mayPass(e)) {
          throw new StoreException(what + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private <T> T once(Read<T> read) throws SQLException {
    Session session = take();
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

  private Session take() throws SQLException {
    try {
      return sessions.take();
    } catch (SQLException e) {
      reach.notReached(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    Closing.uninterruptibly(() -> threads.awaitTermination(1, TimeUnit.MINUTES));
    sessions.close();
  }
}
