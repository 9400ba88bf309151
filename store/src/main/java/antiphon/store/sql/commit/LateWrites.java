package antiphon.store.sql.commit;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link Urgency#LATE} writes that wait until one takes them along; for one thread. */
public final class LateWrites {

  /** So long one waits at most. */
  static final Duration PATIENCE = Duration.ofMillis(250);

  /** So many wait at most … */
  private static final int MOST = 1024;

  /** … and so much weight, in KiB. */
  private static final int HEAVIEST = 4 * 1024;

  /** By key, the oldest first. */
  private final Map<String, PendingWrite<?>> held = new LinkedHashMap<>();

  private int weight;

  /** Keeps one; what is kept with the same key goes before it. */
  void hold(PendingWrite<?> write, List<PendingWrite<?>> group) {
    release(write.key(), group);
    held.put(write.key(), write);
    weight += write.weight();
  }

  /** What has to go before a write with this key goes with the group; without a key, all. */
  void release(String key, List<PendingWrite<?>> group) {
    if (key.isEmpty()) {
      group.addAll(held.values());
      held.clear();
      weight = 0;
    } else {
      PendingWrite<?> before = held.remove(key);
      if (before != null) {
        weight -= before.weight();
        group.add(before);
      }
    }
  }

  /** Those that have waited too long go, and the oldest while there are too many. */
  void releaseOverdue(List<PendingWrite<?>> group) {
    Iterator<PendingWrite<?>> oldest = held.values().iterator();
    while (oldest.hasNext()) {
      PendingWrite<?> next = oldest.next();
      if (held.size() <= MOST && weight <= HEAVIEST && left(next) > 0) {
        return;
      }
      oldest.remove();
      weight -= next.weight();
      group.add(next);
    }
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /** How long the oldest may wait, in nanoseconds; 0 or less if it has to go. */
  long left() {
    return held.isEmpty() ? Long.MAX_VALUE : left(held.values().iterator().next());
  }

  private static long left(PendingWrite<?> write) {
    return PATIENCE.toNanos() - (System.nanoTime() - write.since());
  }
}
