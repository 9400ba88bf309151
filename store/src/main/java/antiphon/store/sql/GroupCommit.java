package antiphon.store.sql;

import antiphon.core.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commits writes in groups: one thread takes whatever waits, up to a bound, executes it in the
 * order it came in one transaction, commits once, and tells everybody. A write that comes alone is
 * committed at once, unless nobody waits for it.
 *
 * <p>The thread is a platform thread, for databases that block the carrier of a virtual one;
 * callers may be interrupted without harm, since none of them touches the connection.
 */
final class GroupCommit implements AutoCloseable {

  /** A group is closed when it has so many writes … */
  private static final int GROUP_WRITES = 1024;

  /** … or weighs so much, in KiB. */
  private static final int GROUP_WEIGHT = 8 * 1024;

  /** So much may wait, in KiB; whoever brings more waits for room. */
  private static final int ROOM = 64 * 1024;

  /** So long a group waits in which nothing is urgent. */
  private static final Duration COMPANY = Duration.ofMillis(5);

  private final Transactions transactions;
  private final LinkedBlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(ROOM, true);
  private final Thread writer;
  private final ExecutorService answers;
  private final Waiting<Boolean> stop = new Waiting<>("stop", "", 0, Urgency.NOW, _ -> true);
  private boolean closed;

  GroupCommit(String name, Transactions transactions) {
    this.transactions = transactions;
    this.writer = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    this.answers =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name(name + "-answers").daemon().factory());
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
    var waiting = new Waiting<>(what, key, weight, urgency, write);
    synchronized (queue) {
      if (closed) {
        room.release(weight);
        return CompletableFuture.failedFuture(new StoreException("the store is closed"));
      }
      queue.add(waiting);
    }
    return waiting.future();
  }

  private void run() {
    boolean last = false;
    while (!last) {
      List<Waiting<?>> group = takeGroup();
      last = group.remove(stop);
      if (!group.isEmpty()) {
        commit(group);
        answer(group);
      }
    }
  }

  /** Whatever happens, somebody waits for an answer, and the thread must go on. */
  private void commit(List<Waiting<?>> group) {
    try {
      transactions.commit(group);
    } catch (Throwable e) {
      group.forEach(waiting -> waiting.fail(e));
    }
  }

  private List<Waiting<?>> takeGroup() {
    List<Waiting<?>> group = new ArrayList<>();
    Waiting<?> next = takeFirst();
    int weight = 0;
    boolean urgent = false;
    long deadline = System.nanoTime() + COMPANY.toNanos();
    while (next != null) {
      group.add(next);
      weight += next.weight();
      urgent |= next.urgency() == Urgency.NOW;
      boolean full = group.size() >= GROUP_WRITES || weight >= GROUP_WEIGHT;
      next = full ? null : urgent ? queue.poll() : takeUntil(deadline);
    }
    return group;
  }

  private Waiting<?> takeFirst() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        // Means nothing here: the thread is ours alone, and close() ends it by the queue.
      }
    }
  }

  private @Nullable Waiting<?> takeUntil(long deadline) {
    while (true) {
      try {
        return queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        // As above.
      }
    }
  }

  private void answer(List<Waiting<?>> group) {
    int weight = group.stream().mapToInt(Waiting::weight).sum();
    room.release(weight);
    answers.execute(() -> group.forEach(Waiting::answer));
  }

  /** Commits what waits, then ends. */
  @Override
  public void close() {
    synchronized (queue) {
      if (closed) {
        return;
      }
      closed = true;
      queue.add(stop);
    }
    Closing.uninterruptibly(() -> writer.join());
    answers.shutdown();
    Closing.uninterruptibly(() -> answers.awaitTermination(1, TimeUnit.MINUTES));
  }
}
