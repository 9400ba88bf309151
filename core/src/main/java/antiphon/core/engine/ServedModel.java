package antiphon.core.engine;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public name for an engine's model.
 *
 * @param name what requests say and responses show as {@code model}
 * @param engine the engine's name
 * @param model the engine's own name for it
 * @param contextLength in tokens; null for what the engine says
 * @param lacks what it cannot do
 * @param aliases other names that requests may say
 * @param fallbacks public names of models that serve in its place when its engine fails
 */
public record ServedModel(
    String name,
    String engine,
    String model,
    @Nullable Integer contextLength,
    Set<Ability> lacks,
    List<String> aliases,
    List<String> fallbacks) {

  public ServedModel {
    lacks = Set.copyOf(lacks);
    aliases = List.copyOf(aliases);
    fallbacks = List.copyOf(fallbacks);
  }

  /** A model that can do everything, without other names and fallbacks. */
  public static ServedModel of(String name, String engine, String model) {
    return new ServedModel(name, engine, model, null, Set.of(), List.of(), List.of());
  }

  /** The same with these fallbacks. */
  public ServedModel fallingBackTo(String... names) {
    return new ServedModel(name, engine, model, contextLength, lacks, aliases, List.of(names));
  }

  /** The same with these aliases. */
  public ServedModel alias(String... names) {
    return new ServedModel(name, engine, model, contextLength, lacks, List.of(names), fallbacks);
  }

  /** The same without these abilities. */
  public ServedModel lacking(Ability... abilities) {
    return new ServedModel(
        name, engine, model, contextLength, Set.of(abilities), aliases, fallbacks);
  }

  boolean answersTo(String asked) {
    return name.equals(asked) || aliases.contains(asked);
  }
}
