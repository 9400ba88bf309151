package antiphon.store.sql.commit;

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
 * when writes of several responses came together the last time, more are let come before it goes.
 *
 * <p>Getting in line takes no lock. A virtual thread that has to wait for one goes behind all
 * others that can run, thousands on a busy node; with another lock in its hands, everybody who
 * needs that one would wait along, the heartbeat too.
 */
public final class WriteQueue {

  /** A group is closed when it has so many writes … */
  private static final int GROUP_WRITES = 1024;

  /** … or weighs so much, in KiB. */
  private static final int GROUP_WEIGHT = 8 * 1024;

  /** So long a group waits in which nothing is urgent. */
  private static final Duration COMPANY = Duration.ofMillis(5);

  /** So long at most an urgent one lets others come; less if a commit takes less. */
  private static final Duration GATHERING = Duration.ofNanos(800_000);

  private final ConcurrentLinkedQueue<PendingWrite<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger urgent = new AtomicInteger();
  private volatile Rest rest = Rest.NONE;
  private volatile @Nullable Thread writer;
  private volatile boolean over;
  private boolean crowded;
  private long handedOut;

  private final LateWrites late = new LateWrites();

  /** What the writer sleeps for: anything of at least this urgency. */
  private enum Rest {
    NONE,
    UNTIL_ANY,
    UNTIL_SOON,
    UNTIL_URGENT;

    boolean endsWith(Urgency urgency) {
      return switch (this) {
        case NONE -> false;
        case UNTIL_ANY -> true;
        case UNTIL_SOON -> urgency != Urgency.LATE;
        case UNTIL_URGENT -> urgency == Urgency.NOW;
      };
    }
  }

  /** Gets in line; false if nothing is taken any more. */
  boolean add(PendingWrite<?> write) {
    if (write.urgency() == Urgency.NOW) {
      urgent.incrementAndGet();
    }
    waiting.add(write);
    // Read after the write has been added: either the writer sees that, or this its rest.
    if (rest.endsWith(write.urgency())) {
      LockSupport.unpark(writer);
    }
    return !over || !waiting.remove(write);
  }

  /** The next group, in the order it came; for one thread. */
  List<PendingWrite<?>> take() {
    writer = Thread.currentThread();
    long committing = System.nanoTime() - handedOut;
    List<PendingWrite<?>> group = List.of();
    while (group.isEmpty()) {
      awaitAny();
      awaitUrgent();
      if (crowded) {
        gather(Math.min(committing, GATHERING.toNanos()));
      }
      group = group();
    }
    return group;
  }

  /** Nothing is taken any more; what is left, for whoever has to be told; by the same thread. */
  List<PendingWrite<?>> close() {
    over = true;
    List<PendingWrite<?>> left = new ArrayList<>();
    late.release("", left);
    for (PendingWrite<?> next = waiting.poll(); next != null; next = waiting.poll()) {
      left.add(next);
    }
    return left;
  }

  /**
   * Late writes wake nobody while the writer looks by itself, for as long as one may wait after the
   * last group; then it sleeps until anything comes.
   */
  private void awaitAny() {
    rest = Rest.UNTIL_SOON;
    long look = Math.min(late.left(), LateWrites.PATIENCE.toNanos());
    if (waiting.isEmpty() && look > 0) {
      LockSupport.parkNanos(this, look);
      calm();
    }
    rest = Rest.UNTIL_ANY;
    while (waiting.isEmpty() && late.isEmpty()) {
      LockSupport.park(this);
      calm();
    }
    rest = Rest.NONE;
  }

  private void awaitUrgent() {
    if (waiting.isEmpty()) {
      return;
    }
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

  private List<PendingWrite<?>> group() {
    List<PendingWrite<?>> group = new ArrayList<>();
    int weight = 0;
    int nows = 0;
    while (group.size() < GROUP_WRITES && weight < GROUP_WEIGHT) {
      PendingWrite<?> next = waiting.poll();
      if (next == null) {
        break;
      }
      if (next.urgency() == Urgency.LATE) {
        late.hold(next, group);
        continue;
      }
      late.release(next.key(), group);
      group.add(next);
      weight += next.weight();
      nows += next.urgency() == Urgency.NOW ? 1 : 0;
    }
    late.releaseOverdue(group);
    urgent.addAndGet(-nows);
    crowded = isCrowd(group);
    handedOut = System.nanoTime();
    return group;
  }

  /** Whether they are of several responses; one alone has nobody to be waited for. */
  private static boolean isCrowd(List<PendingWrite<?>> group) {
    return group.stream().map(PendingWrite::key).distinct().limit(2).count() > 1;
  }
}
