package antiphon.store.sql;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The line before a writer. It is woken for what is urgent, and for the rest after a while; and
 * when several came together the last time, more are let come before it goes.
 */
final class Line {

  /** A group is closed when it has so many writes … */
  private static final int GROUP_WRITES = 1024;

  /** … or weighs so much, in KiB. */
  private static final int GROUP_WEIGHT = 8 * 1024;

  /** So long a group waits in which nothing is urgent. */
  private static final Duration COMPANY = Duration.ofMillis(5);

  /** So long at most an urgent one lets others come; less if a commit takes less. */
  private static final Duration GATHERING = Duration.ofMillis(2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Waiting<?>> waiting = new ArrayDeque<>();
  private int urgent;
  private int lastUrgent;
  private long handedOut;

  /** Gets in line. */
  void add(Waiting<?> write) {
    lock.lock();
    try {
      boolean first = waiting.isEmpty();
      waiting.add(write);
      boolean urgentNow = write.urgency() == Urgency.NOW;
      urgent += urgentNow ? 1 : 0;
      if (first || (urgentNow && urgent == 1)) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next group, in the order it came; for one thread. */
  List<Waiting<?>> take() {
    long committing = System.nanoTime() - handedOut;
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        work.awaitUninterruptibly();
      }
      awaitUrgent();
      if (lastUrgent > 1) {
        gather(Math.min(committing, GATHERING.toNanos()));
      }
      return group();
    } finally {
      lock.unlock();
    }
  }

  private void awaitUrgent() {
    try {
      long left = COMPANY.toNanos();
      while (urgent == 0 && waiting.size() < GROUP_WRITES && left > 0) {
        left = work.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Means nothing here: the thread is the writer's alone, and is ended by what it takes.
    }
  }

  private void gather(long nanos) {
    lock.unlock();
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      // As above.
    } finally {
      lock.lock();
    }
  }

  private List<Waiting<?>> group() {
    List<Waiting<?>> group = new ArrayList<>();
    int weight = 0;
    lastUrgent = 0;
    while (!waiting.isEmpty() && group.size() < GROUP_WRITES && weight < GROUP_WEIGHT) {
      Waiting<?> next = waiting.remove();
      group.add(next);
      weight += next.weight();
      lastUrgent += next.urgency() == Urgency.NOW ? 1 : 0;
    }
    urgent -= lastUrgent;
    handedOut = System.nanoTime();
    return group;
  }
}
