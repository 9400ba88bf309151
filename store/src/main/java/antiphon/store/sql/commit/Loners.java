package antiphon.store.sql.commit;

import antiphon.core.store.StoreException;
import antiphon.store.sql.jdbc.Closing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Executes writes that may have to wait for a lock, each in a transaction of its own. */
public final class Loners implements AutoCloseable {

  private final int count;
  private final Transactions transactions;
  private final ExecutorService threads;

  Loners(String name, int count, Transactions transactions) {
    this.count = count;
    this.transactions = transactions;
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, count), Thread.ofPlatform().name(name, 0).daemon().factory());
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Writes and waits for it; an interrupt is kept for afterwards. */
  <T> T write(String what, Write<T> write) {
    var waiting = new PendingWrite<>(what, "", 0, Urgency.NOW, write);
    try {
      return Futures.await(
          CompletableFuture.runAsync(() -> transactions.commit(List.of(waiting)), threads)
              .thenCompose(_ -> {
                waiting.answer();
                return waiting.future();
              }));
    } catch (RejectedExecutionException e) {
      throw new StoreException("the store is closed", e);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    Closing.uninterruptibly(() -> threads.awaitTermination(1, TimeUnit.MINUTES));
  }
}
