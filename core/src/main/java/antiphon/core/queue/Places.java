package antiphon.core.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * The places of a node: how many there are, in all, for each tenant and on each engine, and who has
 * them. Guarded by its {@link Admission}.
 */
final class Places {

  /** What a place for background work is given for, until it is known who needs it. */
  static final String NOBODY = "";

  private final int capacity;
  private final Map<String, Integer> enginePlaces;
  private final TenantLimits tenants;
  private final Map<String, Integer> byTenant = new HashMap<>();
  private final Map<String, Integer> byEngine = new HashMap<>();
  private int taken;

  /**
   * @param capacity in all
   * @param enginePlaces how many on each engine; one that is not named has no limit
   * @param tenants how many for each tenant
   */
  Places(int capacity, Map<String, Integer> enginePlaces, TenantLimits tenants) {
    this.capacity = capacity;
    this.enginePlaces = Map.copyOf(enginePlaces);
    this.tenants = tenants;
  }

  void take(String tenant, String engine) {
    taken++;
    byTenant.merge(tenant, 1, Integer::sum);
    byEngine.merge(engine, 1, Integer::sum);
  }

  void giveBack(String tenant, String engine) {
    taken--;
    byTenant.computeIfPresent(tenant, (_, n) -> n == 1 ? null : n - 1);
    byEngine.computeIfPresent(engine, (_, n) -> n == 1 ? null : n - 1);
  }

  int capacity() {
    return capacity;
  }

  int taken() {
    return taken;
  }

  int free() {
    return capacity - taken;
  }

  /** How many this tenant has. */
  int of(String tenant) {
    return byTenant.getOrDefault(tenant, 0);
  }

  /** Whether this tenant may have one more. */
  boolean tenantHasRoom(String tenant) {
    return tenant.equals(NOBODY) || of(tenant) < tenants.of(tenant);
  }

  /** Whether one more may run on this engine. */
  boolean engineHasRoom(String engine) {
    return byEngine.getOrDefault(engine, 0) < enginePlaces.getOrDefault(engine, Integer.MAX_VALUE);
  }

  /**
   * What may be claimed with some of them: only what could run at once.
   *
   * @param claimable how many were taken for background work
   */
  Room room(int claimable) {
    Map<String, Integer> queues = new HashMap<>();
    enginePlaces.forEach(
        (engine, limit) -> queues.put(engine, left(limit, byEngine.getOrDefault(engine, 0))));
    Map<String, Integer> ofTenants = new HashMap<>(tenants.byTenant());
    byTenant.forEach((tenant, running) -> ofTenants.put(tenant, left(tenants.of(tenant), running)));
    return new Room(claimable, queues, ofTenants, tenants.each());
  }

  private static int left(int limit, int taken) {
    return Math.max(0, limit - taken);
  }
}
