package antiphon.server.life;

import antiphon.core.engine.Embedder;
import antiphon.core.health.HealthMonitor;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Loop;
import antiphon.core.life.Timer;
import antiphon.core.memory.MemoryKeeper;
import antiphon.core.memory.MemoryStore;
import antiphon.core.run.Heartbeat;
import antiphon.core.run.LiveResponses;
import antiphon.core.run.Orphans;
import antiphon.core.run.RetentionJob;
import antiphon.core.run.RunnerSettings;
import antiphon.core.run.StoreEnds;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.IndexWork;
import antiphon.testkit.life.LifecycleContract;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;

/** Whatever works by itself on a node begins and ends in the same way. */
class LifecyclesTest {

  /** What a constructor may ask. */
  private static final Set<String> FACTS = Set.of("shared", "clock", "model", "dimensions");

  private final AtomicBoolean worked = new AtomicBoolean();

  /** One that keeps nothing, and notes that it was asked for something. */
  private <T> T asked(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, _) -> {
              if (!FACTS.contains(method.getName())) {
                worked.set(true);
              }
              Class<?> type = method.getReturnType();
              if (type == boolean.class) {
                return false;
              }
              if (type == int.class) {
                return 0;
              }
              if (type == String.class) {
                return "model";
              }
              return type == List.class ? List.of() : null;
            }));
  }

  /** Shows that it works. */
  abstract class Worker extends LifecycleContract {
    @Override
    protected boolean hasWorked() {
      return worked.get();
    }
  }

  @Nested
  class OfALoop extends Worker {
    @Override
    protected Lifecycle make() {
      return Loop.of(
          "loop",
          () -> {
            worked.set(true);
            try {
              Thread.sleep(Duration.ofHours(1));
            } catch (InterruptedException _) {
              // Stopped.
            }
          });
    }
  }

  @Nested
  class OfATimer extends Worker {
    @Override
    protected Lifecycle make() {
      Timer[] made = new Timer[1];
      made[0] = new Timer("timer", 1, () -> made[0].every(0, 10, () -> worked.set(true)));
      return made[0];
    }
  }

  @Nested
  class OfTheHealthMonitor extends Worker {
    @Override
    protected Lifecycle make() {
      return new HealthMonitor(() -> worked.set(true));
    }
  }

  @Nested
  class OfTheRetentionJob extends Worker {
    @Override
    protected Lifecycle make() {
      return new RetentionJob(
          asked(ResponseStore.class), new Retention(Duration.ofDays(1), Duration.ofDays(1)));
    }
  }

  @Nested
  class OfTheHeartbeat extends Worker {
    @Override
    protected Lifecycle make() {
      ResponseStore store = asked(ResponseStore.class);
      LiveResponses live = new LiveResponses();
      RunnerSettings settings = new RunnerSettings("n1", 1, 1, Duration.ofSeconds(3), 3);
      LocalSignals signals = new LocalSignals();
      StoreEnds ends = new StoreEnds(store, signals, live);
      return new Heartbeat(
          settings, store, live, new Orphans(settings, store, signals, live, ends));
    }
  }

  @Nested
  class OfTheMemoryKeeper extends Worker {
    @Override
    protected Lifecycle make() {
      return new MemoryKeeper(
          asked(MemoryStore.class),
          new Embedders(
              List.of(new Embedders.Served(asked(Embedder.class), new Chunking(true, 200, 0)))),
          asked(IndexWork.class));
    }
  }
}
