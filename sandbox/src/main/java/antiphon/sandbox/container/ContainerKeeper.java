package antiphon.sandbox.container;

import antiphon.core.container.ContainerId;
import antiphon.core.container.ContainerStore;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Loop;
import antiphon.core.store.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Says in the store that this node's containers live, and ends those that nobody uses. */
final class ContainerKeeper implements Lifecycle {

  private static final Duration KEPT = Duration.ofDays(1);
  private static final int PURGED_AT_ONCE = 1000;

  private final ContainerSettings settings;
  private final String node;
  private final ContainerStore store;
  private final LiveContainers live;
  private final BiConsumer<ContainerId, String> end;
  private final Set<ContainerId> touched = ConcurrentHashMap.newKeySet();
  private final Loop loop = Loop.of("antiphon-container-keeper", this::keep);

  /**
   * @param end ends a container, and says why
   */
  ContainerKeeper(
      ContainerSettings settings,
      String node,
      ContainerStore store,
      LiveContainers live,
      BiConsumer<ContainerId, String> end) {
    this.settings = settings;
    this.node = node;
    this.store = store;
    this.live = live;
    this.end = end;
  }

  @Override
  public void start() {
    loop.start();
  }

  /** It was used: told to the store soon, with others. */
  void touched(ContainerId id) {
    touched.add(id);
  }

  private void keep() {
    Duration pause = settings.lease().dividedBy(6);
    while (true) {
      try {
        Thread.sleep(pause);
        look();
      } catch (InterruptedException _) {
        return;
      } catch (StoreException _) {
        // Asked again soon; what is here stays here meanwhile.
      }
    }
  }

  private void look() {
    for (ContainerId id : Set.copyOf(touched)) {
      touched.remove(id);
      store.touch(id);
    }
    long now = store.clock().millis();
    for (LiveContainer container : live.list()) {
      if (container.lost()) {
        end.accept(container.id(), "its sandbox has ended");
      } else if (container.idle(now)) {
        end.accept(container.id(), "it was not used any more");
      }
    }
    if (!live.list().isEmpty()) {
      store.renew(node, settings.lease());
    }
    store.purge(KEPT, PURGED_AT_ONCE);
  }

  @Override
  public void close() {
    loop.close();
    try {
      loop.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean stopped() {
    return loop.stopped();
  }
}
