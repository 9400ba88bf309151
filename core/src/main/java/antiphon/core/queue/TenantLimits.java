package antiphon.core.queue;

import java.util.Map;

/**
 * How many responses each tenant may have running on a node.
 *
 * @param byTenant for tenants with a limit of their own
 * @param each for every other
 */
public record TenantLimits(Map<String, Integer> byTenant, int each) {

  /** No tenant has a limit. */
  public static final TenantLimits NONE = new TenantLimits(Map.of(), Integer.MAX_VALUE);

  public TenantLimits {
    byTenant = Map.copyOf(byTenant);
    if (each < 1 || byTenant.values().stream().anyMatch(limit -> limit < 1)) {
      throw new IllegalArgumentException("a tenant's limit must be at least 1");
    }
  }

  int of(String tenant) {
    return byTenant.getOrDefault(tenant, each);
  }
}
