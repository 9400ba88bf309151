package antiphon.store.sql.commit;

import antiphon.core.health.Pulse;
import antiphon.core.store.StoreException;
import antiphon.store.sql.jdbc.Closing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Commits writes in groups: one thread takes whatever waits, up to a bound, executes it in the
 * order it came in one transaction, commits once, and tells everybody. A write that comes alone is
 * committed at once, unless it may wait for company ({@link Urgency}).
 *
 * <p>The thread is a platform thread, for databases that block the carrier of a virtual one;
 * callers may be interrupted without harm, since none of them touches the connection.
 */
public final class GroupCommit implements AutoCloseable {

  /** So much may wait, in KiB; whoever brings more waits for room. */
  private static final int ROOM = 64 * 1024;

  /** A commit on a slow disk takes seconds; one that waits for a lost connection longer. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Transactions transactions;
  private final WriteQueue queue = new WriteQueue();
  private final Semaphore room = new Semaphore(ROOM, true);
  private final Pulse pulse;
  private final Thread writer;
  private final ExecutorService answers;
  private final PendingWrite<Boolean> stop =
      new PendingWrite<>("stop", "", 0, Urgency.NOW, _ -> true);
  private final AtomicBoolean closed = new AtomicBoolean();

  GroupCommit(String name, Transactions transactions) {
    this.transactions = transactions;
    this.pulse = new Pulse(name, LONGEST);
    this.writer = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    this.answers =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name(name + "-answers").daemon().factory());
  }

  /** Begins to commit; what is handed in before waits. */
  void start() {
    writer.start();
  }

  /**
   * Hands a write in; blocks only while too much waits, and an interrupt does not end that: whoever
   * was interrupted still has an ending to write.
   *
   * @param key what it changes
   * @param bytes roughly how large it is
   * @return completed after the commit is durable, on a thread that must not be kept
   */
  <T> CompletableFuture<T> submit(
      String what, String key, long bytes, Urgency urgency, Write<T> write) {
    int weight = (int) Math.min(ROOM, 1 + bytes / 1024);
    room.acquireUninterruptibly(weight);
    var waiting = new PendingWrite<>(what, key, weight, urgency, write);
    if (!queue.add(waiting)) {
      room.release(weight);
      return CompletableFuture.failedFuture(new StoreException("the store is closed"));
    }
    return waiting.future();
  }

  Pulse pulse() {
    return pulse;
  }

  private void run() {
    boolean last = false;
    while (!last) {
      List<PendingWrite<?>> group = queue.take();
      last = group.remove(stop);
      if (!group.isEmpty()) {
        var _ =
            pulse.step(() -> {
              commit(group);
              answer(group);
            });
      }
    }
    refuse(queue.close());
  }

  /** They came while the store was being closed. */
  private void refuse(List<PendingWrite<?>> late) {
    late.forEach(waiting -> waiting.fail(new StoreException("the store is closed")));
    if (!late.isEmpty()) {
      answer(late);
    }
  }

  /** Whatever happens, somebody waits for an answer, and the thread must go on. */
  private void commit(List<PendingWrite<?>> group) {
    try {
      transactions.commit(group);
    } catch (Throwable e) {
      group.forEach(waiting -> waiting.fail(e));
    }
  }

  private void answer(List<PendingWrite<?>> group) {
    int weight = group.stream().mapToInt(PendingWrite::weight).sum();
    room.release(weight);
    answers.execute(() -> group.forEach(PendingWrite::answer));
  }

  /** Commits what waits, then ends. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    queue.add(stop);
    Closing.uninterruptibly(() -> writer.join());
    answers.shutdown();
    Closing.uninterruptibly(() -> answers.awaitTermination(1, TimeUnit.MINUTES));
  }
}
