package antiphon.engines.llamacpp;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.llamacpp.ChildState.Running;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The children of all models, so many at once as there may be. */
final class Children implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LlamaCppSettings settings;
  private final Duration patience;
  private final InstantSource clock;
  private final Map<String, Supervisor> supervisors = new LinkedHashMap<>();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final Thread sweeper;

  Children(LlamaCppSettings settings, ProgramSource program, InstantSource clock) {
    this(settings, PATIENCE, clock, model -> new ChildStarter(settings, model, program, clock));
  }

  /**
   * @param patience how long a request waits for room before later ones wait behind it
   * @param starters makes what starts the child of a model
   */
  Children(
      LlamaCppSettings settings,
      Duration patience,
      InstantSource clock,
      Function<LlamaModel, Supervisor.Starter> starters) {
    this.settings = settings;
    this.patience = patience;
    this.clock = clock;
    for (LlamaModel model : settings.models()) {
      supervisors.put(model.id(), new Supervisor(starters.apply(model), clock));
    }
    this.sweeper = Thread.ofVirtual().name("idle children").start(this::sweep);
  }

  Supervisor first() {
    return supervisors.values().iterator().next();
  }

  Supervisor of(String model) throws EngineException {
    Supervisor supervisor = supervisors.get(model);
    if (supervisor == null) {
      String message = "The engine '" + settings.name() + "' has no model '" + model + "'.";
      throw new EngineException(new Problem.Invalid(message, "model", "model_not_found"));
    }
    return supervisor;
  }

  /**
   * A running child, for which an idle one makes room, or a busy one once it is done. It stays
   * until its supervisor is told of the release.
   */
  Running acquire(Supervisor wanted) throws EngineException, InterruptedException {
    Waiter me = new Waiter(clock.instant());
    try {
      while (!admitted(wanted, me)) {
        Optional<Supervisor> idle =
            supervisors.values().stream()
                .filter(other -> other != wanted && other.dispensable())
                .min(Comparator.comparing(Supervisor::lastUsed));
        if (idle.isPresent()) {
          idle.get().rest();
        } else {
          Thread.sleep(LOOK);
        }
      }
    } finally {
      leave(me);
    }
    boolean running = false;
    try {
      Running child = wanted.acquire();
      running = true;
      return child;
    } finally {
      if (!running) {
        wanted.release();
      }
    }
  }

  /**
   * Whether the use is begun. Who has waited long for room has the next place: otherwise a model
   * that is asked for all the time would keep the others out for ever.
   */
  private synchronized boolean admitted(Supervisor wanted, Waiter me) {
    Waiter oldest = waiting.peekFirst();
    boolean heldBack =
        oldest != null && oldest != me && oldest.since().plus(patience).isBefore(clock.instant());
    if (heldBack) {
      return false;
    }
    if (wanted.join()) {
      return true;
    }
    long others =
        supervisors.values().stream().filter(other -> other != wanted && other.holding()).count();
    if (others < settings.mostRunning() && wanted.enter()) {
      return true;
    }
    if (!waiting.contains(me)) {
      waiting.addLast(me);
    }
    return false;
  }

  private synchronized void leave(Waiter waiter) {
    waiting.remove(waiter);
  }

  private void sweep() {
    try {
      while (true) {
        Thread.sleep(settings.idle().dividedBy(4));
        Instant before = clock.instant().minus(settings.idle());
        supervisors.values().stream()
            .filter(other -> other != first() && other.lastUsed().isBefore(before))
            .forEach(Supervisor::rest);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    sweeper.interrupt();
    supervisors.values().forEach(Supervisor::close);
  }

  /** A request that waits for room. Each is another, even of the same moment. */
  private static final class Waiter {

    private final Instant since;

    Waiter(Instant since) {
      this.since = since;
    }

    Instant since() {
      return since;
    }
  }
}
