package antiphon.store.sql.queue;

import antiphon.core.queue.Room;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is left of a room while it is being filled. */
public final class Budget {

  private final Room room;
  private final Map<String, Integer> byQueue = new HashMap<>();
  private final Map<String, Integer> byTenant = new HashMap<>();
  private int taken;

  Budget(Room room) {
    this.room = room;
  }

  int places() {
    return Math.max(0, room.places() - taken);
  }

  /** Whether one more of this queue has room, whoever's it is. */
  boolean hasQueue(String queue) {
    return places() > 0 && byQueue.getOrDefault(queue, 0) < room.ofQueue(queue);
  }

  boolean has(String queue, String tenant) {
    return hasQueue(queue) && takenBy(tenant) < room.ofTenant(tenant);
  }

  void take(String queue, String tenant) {
    taken++;
    byQueue.merge(queue, 1, Integer::sum);
    byTenant.merge(tenant, 1, Integer::sum);
  }

  int takenBy(String tenant) {
    return byTenant.getOrDefault(tenant, 0);
  }

  /** The queues that have no room; as rows of one value. */
  List<List<String>> fullQueues() {
    List<List<String>> full = new ArrayList<>();
    for (String queue : room.queues().keySet()) {
      if (byQueue.getOrDefault(queue, 0) >= room.ofQueue(queue)) {
        full.add(List.of(queue));
      }
    }
    return full;
  }

  /** The tenants that have no room; as rows of one value. */
  List<List<String>> fullTenants() {
    List<List<String>> full = new ArrayList<>();
    for (String tenant : room.tenants().keySet()) {
      if (takenBy(tenant) >= room.ofTenant(tenant)) {
        full.add(List.of(tenant));
      }
    }
    return full;
  }
}
