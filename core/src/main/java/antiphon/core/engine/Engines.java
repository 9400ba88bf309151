package antiphon.core.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engines of this server, and which of them serves a model. */
public final class Engines implements AutoCloseable {

  /** The name that stands for the default model. */
  public static final String AUTO = "auto";

  private final List<Engine> engines;

  /** The first engine's first model is the default one. */
  public Engines(List<Engine> engines) {
    if (engines.isEmpty()) {
      throw new IllegalArgumentException("no engine");
    }
    this.engines = List.copyOf(engines);
  }

  /** Every model, the default one first. */
  public List<EngineModel> models() {
    List<EngineModel> models = new ArrayList<>();
    engines.forEach(engine -> models.addAll(engine.models()));
    return models;
  }

  /** Who serves this model; empty if nobody does. An only engine may take names it did not list. */
  public Optional<Route> route(String model) {
    for (Engine engine : engines) {
      for (EngineModel candidate : engine.models()) {
        if (model.equals(AUTO) || model.equals(candidate.id())) {
          return Optional.of(new Route(engine, candidate.id()));
        }
      }
    }
    Engine only = engines.getFirst();
    return engines.size() == 1 && only.accepts(model)
        ? Optional.of(new Route(only, model))
        : Optional.empty();
  }

  /** How many turns are worth running at once, over all engines. */
  public int concurrency() {
    return engines.stream().mapToInt(Engine::concurrency).sum();
  }

  @Override
  public void close() {
    engines.forEach(Engine::close);
  }

  /**
   * An engine and its name for a model.
   *
   * @param engine who runs it
   * @param model the engine's name of the model
   */
  public record Route(Engine engine, String model) {}
}
