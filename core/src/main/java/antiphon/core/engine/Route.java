package antiphon.core.engine;

import antiphon.core.engine.Engine.Refusal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An engine and its name for a model.
 *
 * @param name the public name
 * @param engine who runs it
 * @param model the engine's name of the model
 * @param contextLength in tokens, null if unknown
 * @param lacks what the model cannot do
 */
public record Route(
    String name, Engine engine, String model, @Nullable Integer contextLength, Set<Ability> lacks) {

  public Route {
    lacks = Set.copyOf(lacks);
  }

  /** A route to a model that can do everything. */
  public static Route to(Engine engine, EngineModel model) {
    return new Route(model.id(), engine, model.id(), model.contextLength(), Set.of());
  }

  /**
   * Says what of a turn cannot be done here.
   *
   * @return the first field that is refused, or empty if the engine will try
   */
  public Optional<Refusal> refuses(Turn turn) {
    Turn mine = turn.on(model);
    return lacks.stream()
        .sorted()
        .flatMap(ability -> ability.neededBy(mine, name).stream())
        .findFirst()
        .or(() -> engine.refuses(mine));
  }

  /** Whether it leads to the same model of the same engine. */
  public boolean leadsTo(@Nullable String provider, @Nullable String ownModel) {
    return engine.name().equals(provider) && model.equals(ownModel);
  }
}
