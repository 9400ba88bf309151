package antiphon.engines.llamacpp;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.llamacpp.ChildState.Running;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The children of all models, so many at once as there may be. */
final class Children implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final LlamaCppSettings settings;
  private final InstantSource clock;
  private final Map<String, Supervisor> supervisors = new LinkedHashMap<>();
  private final Thread sweeper;

  Children(LlamaCppSettings settings, ProgramSource program, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    for (LlamaModel model : settings.models()) {
      supervisors.put(
          model.id(), new Supervisor(new ChildStarter(settings, model, program, clock), clock));
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

  /** A running child, for which an idle one makes room, or a busy one once it is done. */
  Running acquire(Supervisor wanted) throws EngineException, InterruptedException {
    while (!roomFor(wanted)) {
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
    return wanted.acquire();
  }

  private synchronized boolean roomFor(Supervisor wanted) {
    if (wanted.taking()) {
      return true;
    }
    long others =
        supervisors.values().stream().filter(other -> other != wanted && other.taking()).count();
    if (others >= settings.mostRunning()) {
      return false;
    }
    // It takes its place before another can.
    wanted.warmUp();
    return true;
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
}
