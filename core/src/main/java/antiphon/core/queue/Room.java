package antiphon.core.queue;

import java.util.Map;

/**
 * What a node has room for.
 *
 * @param places how many responses in all
 * @param queues how many of each queue; of one that is not named as many as there are places
 * @param tenants how many of each tenant that is named
 * @param eachTenant how many of every other tenant
 */
public record Room(
    int places, Map<String, Integer> queues, Map<String, Integer> tenants, int eachTenant) {

  public Room {
    if (places < 0 || eachTenant < 0) {
      throw new IllegalArgumentException("places " + places + ", eachTenant " + eachTenant);
    }
    queues = Map.copyOf(queues);
    tenants = Map.copyOf(tenants);
  }

  /** For so many, whatever they are. */
  public static Room of(int places) {
    return new Room(places, Map.of(), Map.of(), Integer.MAX_VALUE);
  }

  /** How many of this queue. */
  public int ofQueue(String queue) {
    return Math.min(places, queues.getOrDefault(queue, places));
  }

  /** How many of this tenant. */
  public int ofTenant(String tenant) {
    return Math.min(places, tenants.getOrDefault(tenant, eachTenant));
  }
}
