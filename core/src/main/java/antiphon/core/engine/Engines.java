package antiphon.core.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The engines of this server, and which of them serves a model. */
public final class Engines implements AutoCloseable {

  /** The name that stands for the default model. */
  public static final String AUTO = ModelMap.AUTO;

  private final Map<String, Engine> engines = new LinkedHashMap<>();
  private final ModelMap map;

  /** Serves the engines' models under their own names; the first engine's first is the default. */
  public Engines(List<Engine> engines) {
    this(engines, ModelMap.NONE);
  }

  /**
   * Serves models under public names.
   *
   * @param map of the engines' models; where it has none, each engine's own models are served
   * @throws IllegalArgumentException if there is no engine, two have one name, or the map names
   *     none of them
   */
  public Engines(List<Engine> engines, ModelMap map) {
    if (engines.isEmpty()) {
      throw new IllegalArgumentException("no engine");
    }
    for (Engine engine : engines) {
      if (this.engines.put(engine.name(), engine) != null) {
        throw new IllegalArgumentException("two engines are called '" + engine.name() + "'");
      }
    }
    for (ServedModel model : map.models()) {
      if (!this.engines.containsKey(model.engine())) {
        throw new IllegalArgumentException(
            "the model '" + model.name() + "' names no engine: '" + model.engine() + "'");
      }
    }
    this.map = map;
  }

  /** Every public model, the default one first. */
  public List<EngineModel> models() {
    List<EngineModel> models = new ArrayList<>();
    if (map.models().isEmpty()) {
      engines.values().forEach(engine -> models.addAll(engine.models()));
    } else {
      map.models().forEach(model -> models.add(listed(model)));
    }
    route(AUTO)
        .map(Route::name)
        .flatMap(name -> models.stream().filter(model -> model.id().equals(name)).findFirst())
        .ifPresent(first -> {
          models.remove(first);
          models.addFirst(first);
        });
    return models;
  }

  private EngineModel listed(ServedModel model) {
    EngineModel own = own(model);
    Integer length = model.contextLength() == null ? own.contextLength() : model.contextLength();
    return new EngineModel(model.name(), own.created(), own.ownedBy(), length);
  }

  private EngineModel own(ServedModel model) {
    Engine engine = engine(model.engine());
    return engine.models().stream()
        .filter(candidate -> candidate.id().equals(model.model()))
        .findFirst()
        .orElseGet(() -> new EngineModel(model.model(), 0, engine.name(), null));
  }

  private Engine engine(String name) {
    Engine engine = engines.get(name);
    if (engine == null) {
      throw new IllegalArgumentException("no engine '" + name + "'");
    }
    return engine;
  }

  /** Who serves this model; empty if nobody does. An only engine may take names it did not list. */
  public Optional<Route> route(String model) {
    return map.models().isEmpty() ? listedByEngines(model) : mapped(model);
  }

  private Optional<Route> mapped(String asked) {
    String first = map.models().getFirst().name();
    String name = asked.equals(AUTO) ? (map.auto() == null ? first : map.auto()) : asked;
    return map.find(name)
        .map(model ->
            new Route(
                model.name(),
                engine(model.engine()),
                model.model(),
                listed(model).contextLength(),
                model.lacks()));
  }

  private Optional<Route> listedByEngines(String asked) {
    boolean any = asked.equals(AUTO) && map.auto() == null;
    String name = asked.equals(AUTO) && map.auto() != null ? map.auto() : asked;
    for (Engine engine : engines.values()) {
      for (EngineModel candidate : engine.models()) {
        if (any || name.equals(candidate.id())) {
          return Optional.of(Route.to(engine, candidate));
        }
      }
    }
    Engine only = engines.values().iterator().next();
    return engines.size() == 1 && only.accepts(name)
        ? Optional.of(Route.to(only, new EngineModel(name, 0, only.name(), null)))
        : Optional.empty();
  }

  /**
   * Who serves a response, and who in its place: what the request names, then what is configured
   * for the model. Names that nobody serves are left out, and so is a model that stands there
   * already.
   *
   * @param fallbacks the names that the request gives beyond its model
   * @return empty if nobody serves the model itself
   */
  public Optional<Plan> plan(String model, List<String> fallbacks) {
    return route(model)
        .map(first -> {
          Map<String, Route> routes = new LinkedHashMap<>();
          routes.put(first.name(), first);
          List<String> names = new ArrayList<>(fallbacks);
          map.find(first.name()).ifPresent(served -> names.addAll(served.fallbacks()));
          names.forEach(name -> route(name).ifPresent(to -> routes.putIfAbsent(to.name(), to)));
          return new Plan(List.copyOf(routes.values()));
        });
  }

  /** How many turns each engine is worth running at once, by its name. */
  public Map<String, Integer> places() {
    Map<String, Integer> places = new TreeMap<>();
    engines.forEach((name, engine) -> places.put(name, engine.concurrency()));
    return places;
  }

  /** How many turns are worth running at once, over all engines. */
  public int concurrency() {
    return engines.values().stream().mapToInt(Engine::concurrency).sum();
  }

  @Override
  public void close() {
    engines.values().forEach(Engine::close);
  }
}
