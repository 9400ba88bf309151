package antiphon.store.sql;

import antiphon.core.store.StoreException;
import java.sql.SQLException;
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
 * Commits writes in groups: one thread takes whatever waits, up to a bound, executes it in the order
 * it came in one transaction, commits once, and tells everybody. A write that comes alone is
 * committed at once. If one fails, the group is rolled back and each is tried by itself, so that only
 * the culprit fails.
 *
 * <p>The thread is a platform thread, for databases that block the carrier of a virtual one; callers
 * may be interrupted without harm, since none of them touches the connection.
 */
final class GroupCommit implements AutoCloseable {

  /** A group is closed when it has so many writes … */
  private static final int GROUP_WRITES = 1024;

  /** … or weighs so much, in KiB. */
  private static final int GROUP_WEIGHT = 8 * 1024;

  /** So much may wait, in KiB; whoever brings more waits for room. */
  private static final int ROOM = 64 * 1024;

  private final Database.WriterSession opener;
  private final Probe probe;
  private final LinkedBlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(ROOM, true);
  private final Thread writer;
  private final ExecutorService answers;
  private final Waiting<Boolean> stop = new Waiting<>("stop", 0, _ -> true);
  private @Nullable Session session;
  private boolean closed;

  GroupCommit(String name, Database.WriterSession opener, Probe probe) {
    this.opener = opener;
    this.probe = probe;
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
   * @param bytes roughly how large it is
   * @return completed after the commit is durable, on a thread that must not be kept
   */
  <T> CompletableFuture<T> submit(String what, long bytes, Write<T> write) {
    probe.at(Probe.Point.SUBMIT, what);
    int weight = (int) Math.min(ROOM, 1 + bytes / 1024);
    room.acquireUninterruptibly(weight);
    var waiting = new Waiting<>(what, weight, write);
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
        commitOrSplit(group);
        answer(group);
      }
    }
    discardSession();
  }

  private List<Waiting<?>> takeGroup() {
    List<Waiting<?>> group = new ArrayList<>();
    Waiting<?> next = takeFirst();
    int weight = 0;
    while (next != null) {
      group.add(next);
      weight += next.weight();
      boolean full = group.size() >= GROUP_WRITES || weight >= GROUP_WEIGHT;
      next = full ? null : queue.poll();
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

  private void commitOrSplit(List<Waiting<?>> group) {
    if (!commit(group) && group.size() > 1) {
      for (Waiting<?> alone : group) {
        commit(List.of(alone));
      }
    }
  }

  /** Whether there is nothing to be tried again: all committed, or the database refused them all. */
  private boolean commit(List<Waiting<?>> group) {
    Session open;
    try {
      open = session();
      open.begin();
    } catch (SQLException | RuntimeException e) {
      discardSession();
      return failAll(group, e);
    }
    for (Waiting<?> waiting : group) {
      try {
        probe.at(Probe.Point.EXECUTE, waiting.name());
        waiting.execute(open);
        probe.at(Probe.Point.EXECUTED, waiting.name());
      } catch (Throwable e) {
        rollback(open);
        waiting.fail(e);
        return false;
      }
    }
    try {
      probe.at(Probe.Point.COMMIT, "");
      open.commit();
      probe.at(Probe.Point.COMMITTED, "");
      return true;
    } catch (SQLException | RuntimeException e) {
      rollback(open);
      return failAll(group, e);
    }
  }

  private static boolean failAll(List<Waiting<?>> group, Exception cause) {
    group.forEach(waiting -> waiting.fail(cause));
    return true;
  }

  private void answer(List<Waiting<?>> group) {
    int weight = group.stream().mapToInt(Waiting::weight).sum();
    room.release(weight);
    answers.execute(() -> group.forEach(Waiting::answer));
  }

  private Session session() throws SQLException {
    Session open = session;
    if (open == null) {
      open = opener.open();
      session = open;
    }
    return open;
  }

  private void rollback(Session open) {
    try {
      open.rollback();
    } catch (SQLException e) {
      discardSession();
    }
  }

  private void discardSession() {
    Session open = session;
    session = null;
    if (open != null) {
      Closing.quietly(open);
    }
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
