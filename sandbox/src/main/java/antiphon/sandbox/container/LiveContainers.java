package antiphon.sandbox.container;

import antiphon.core.container.ContainerId;
import antiphon.core.response.Owner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The containers of this node. Of those that nobody asked for by name, the idlest make room. */
final class LiveContainers {

  private final Map<ContainerId, LiveContainer> all = new HashMap<>();
  private final int mostPerTenant;

  LiveContainers(int mostPerTenant) {
    this.mostPerTenant = mostPerTenant;
  }

  synchronized @Nullable LiveContainer get(ContainerId id) {
    return all.get(id);
  }

  /** The owner's container that goes with something. */
  synchronized @Nullable LiveContainer with(Owner owner, String key) {
    return all.values().stream()
        .filter(container -> container.id().owner().equals(owner) && container.isWith(key))
        .findFirst()
        .orElse(null);
  }

  synchronized List<LiveContainer> list() {
    return new ArrayList<>(all.values());
  }

  synchronized @Nullable LiveContainer remove(ContainerId id) {
    return all.remove(id);
  }

  /**
   * Adds one.
   *
   * @return false if its tenant has too many
   */
  synchronized boolean add(LiveContainer container) {
    if (count(container.id().owner().tenant()) >= mostPerTenant) {
      return false;
    }
    all.put(container.id(), container);
    return true;
  }

  private long count(String tenant) {
    return all.keySet().stream().filter(id -> id.owner().tenant().equals(tenant)).count();
  }

  /** The automatic one of a tenant that was not used for longest. */
  Optional<LiveContainer> idlest(String tenant) {
    return idlest(container -> container.id().owner().tenant().equals(tenant));
  }

  /** The automatic one of anybody that was not used for longest. */
  Optional<LiveContainer> idlest() {
    return idlest(_ -> true);
  }

  private synchronized Optional<LiveContainer> idlest(Predicate<LiveContainer> of) {
    return all.values().stream()
        .filter(container -> container.automatic() && !container.inUse() && of.test(container))
        .min(Comparator.comparingLong(LiveContainer::lastActive));
  }
}
