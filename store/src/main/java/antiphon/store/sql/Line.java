package antiphon.store.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The line before a writer. It is woken for what is urgent, and for the rest after a while; and
 * when several came together the last time, more are let come before it goes.
 *
 * <p>Getting in line takes no lock. A virtual thread that has to wait for one goes behind all
 * others that can run, thousands on a busy node; with another lock in its hands, everybody who
 * needs that one would wait along, the heartbeat too.
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

  private final ConcurrentLinkedQueue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger urgent = new AtomicInteger();
  private volatile Rest rest = Rest.NONE;
  private volatile @Nullable Thread writer;
  private volatile boolean over;
  private int lastUrgent;
  private long handedOut;

  /** What the writer sleeps for. */
  private enum Rest {
    NONE,
    UNTIL_ANY,
    UNTIL_URGENT
  }

  /** Gets in line; false if nothing is taken any more. */
  boolean add(Waiting<?> write) {
    boolean urgentNow = write.urgency() == Urgency.NOW;
    if (urgentNow) {
      urgent.incrementAndGet();
    }
    waiting.add(write);
    // Read after the write has been added: either the writer sees that, or this its rest.
    Rest now = rest;
    if (now == Rest.UNTIL_ANY || (now == Rest.UNTIL_URGENT && urgentNow)) {
      LockSupport.unpark(writer);
    }
    return !over || !waiting.remove(write);
  }

  /** The next group, in the order it came; for one thread. */
  List<Waiting<?>> take() {
    writer = Thread.currentThread();
    long committing = System.nanoTime() - handedOut;
    awaitAny();
    awaitUrgent();
    if (lastUrgent > 1) {
      gather(Math.min(committing, GATHERING.toNanos()));
    }
    return group();
  }

  /** Nothing is taken any more; what is still in line, for whoever has to be told. */
  List<Waiting<?>> close() {
    over = true;
    List<Waiting<?>> left = new ArrayList<>();
    for (Waiting<?> next = waiting.poll(); next != null; next = waiting.poll()) {
      left.add(next);
    }
    return left;
  }

  private void awaitAny() {
    rest = Rest.UNTIL_ANY;
    while (waiting.isEmpty()) {
      LockSupport.park(this);
      calm();
    }
    rest = Rest.NONE;
  }

  private void awaitUrgent() {
    long deadline = System.nanoTime() + COMPANY.toNanos();
    rest = Rest.UNTIL_URGENT;
    long left = COMPANY.toNanos();
    while (urgent.get() == 0 && left > 0) {
      LockSupport.parkNanos(this, left);
      calm();
      left = deadline - System.nanoTime();
    }
    rest = Rest.NONE;
  }

  /** An interrupt means nothing here: the thread is the writer's alone, and ends by its line. */
  private static void calm() {
    var _ = Thread.interrupted();
  }

  private static void gather(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      // As above.
    }
  }

  private List<Waiting<?>> group() {
    List<Waiting<?>> group = new ArrayList<>();
    int weight = 0;
    lastUrgent = 0;
    while (group.size() < GROUP_WRITES && weight < GROUP_WEIGHT) {
      Waiting<?> next = waiting.poll();
      if (next == null) {
        break;
      }
      group.add(next);
      weight += next.weight();
      lastUrgent += next.urgency() == Urgency.NOW ? 1 : 0;
    }
    urgent.addAndGet(-lastUrgent);
    handedOut = System.nanoTime();
    return group;
  }
}
