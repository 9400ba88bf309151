package antiphon.core.queue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What waits, of one rank: a line for each pair of engine and tenant. Not safe for threads; {@link
 * Admission} guards it.
 */
final class Line<W extends Line.Entry> {

  private final Map<String, Map<String, ArrayDeque<W>>> byEngine = new HashMap<>();

  /** At the end of its own line, or before those that have waited for less long. */
  void add(W entry) {
    ArrayDeque<W> line =
        byEngine
            .computeIfAbsent(entry.engine(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(entry.tenant(), _ -> new ArrayDeque<>());
    ArrayDeque<W> younger = new ArrayDeque<>();
    while (!line.isEmpty() && line.peekLast().age() > entry.age()) {
      younger.addFirst(line.removeLast());
    }
    line.addLast(entry);
    line.addAll(younger);
  }

  void remove(W entry) {
    Map<String, ArrayDeque<W>> tenants = byEngine.get(entry.engine());
    ArrayDeque<W> line = tenants == null ? null : tenants.get(entry.tenant());
    if (tenants != null && line != null && line.remove(entry) && line.isEmpty()) {
      tenants.remove(entry.tenant());
      if (tenants.isEmpty()) {
        byEngine.remove(entry.engine());
      }
    }
  }

  /**
   * Who goes next: of the engines and tenants that have room, the tenant with the least running; of
   * those with as many, the oldest.
   */
  @Nullable W next(
      Predicate<String> engineHasRoom,
      Predicate<String> tenantHasRoom,
      ToIntFunction<String> running) {
    W best = null;
    int fewest = Integer.MAX_VALUE;
    for (Map.Entry<String, Map<String, ArrayDeque<W>>> engine : byEngine.entrySet()) {
      if (!engineHasRoom.test(engine.getKey())) {
        continue;
      }
      Iterator<Map.Entry<String, ArrayDeque<W>>> lines = engine.getValue().entrySet().iterator();
      while (lines.hasNext()) {
        Map.Entry<String, ArrayDeque<W>> line = lines.next();
        W head = line.getValue().getFirst();
        int count = running.applyAsInt(line.getKey());
        boolean before =
            best == null || count < fewest || (count == fewest && head.age() < best.age());
        if (before && tenantHasRoom.test(line.getKey())) {
          best = head;
          fewest = count;
        }
      }
    }
    return best;
  }

  /** Who waits, for what. */
  interface Entry {

    String engine();

    String tenant();

    /** Lower is older. */
    long age();
  }
}
