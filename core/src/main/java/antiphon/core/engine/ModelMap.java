package antiphon.core.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The public models of a server.
 *
 * @param models in the order they are listed; empty serves what the engines list themselves
 * @param auto the name that {@code auto} stands for; null for the first model
 */
public record ModelMap(List<ServedModel> models, @Nullable String auto) {

  /** The name that stands for the default model. */
  static final String AUTO = "auto";

  /** Every engine's own models under their own names. */
  public static final ModelMap NONE = new ModelMap(List.of(), null);

  public ModelMap {
    models = List.copyOf(models);
    Set<String> names = new HashSet<>();
    for (ServedModel model : models) {
      unique(names, model.name());
      model.aliases().forEach(alias -> unique(names, alias));
    }
    for (ServedModel model : models) {
      model.fallbacks().forEach(name -> known(names, name, "a fallback of " + model.name()));
    }
    if (auto != null && !models.isEmpty()) {
      known(names, auto, "auto");
    }
  }

  private static void unique(Set<String> names, String name) {
    if (name.equals(AUTO) || !names.add(name)) {
      throw new IllegalArgumentException("the model name '" + name + "' is taken");
    }
  }

  private static void known(Set<String> names, String name, String what) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException(what + " names no model: '" + name + "'");
    }
  }

  /** The model of this name or alias. */
  Optional<ServedModel> find(String name) {
    return models.stream().filter(model -> model.answersTo(name)).findFirst();
  }
}
