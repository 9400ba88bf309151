package antiphon.engines.llamacpp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The engine that runs llama.cpp's server as its child, one for each model.
 *
 * @param name of the engine
 * @param models at least one; the first is started at once, the others when they are asked for
 * @param folder where the children's logs and what was found out about them are kept
 * @param mostRunning how many children may run at once; one that is idle makes room for another
 * @param idle how long a model that is not the first may have nothing to do until its child is
 *     ended
 * @param patience how long a child may take until it has its model loaded
 * @param silence how long a child may leave the question for its health unanswered
 */
public record LlamaCppSettings(
    String name,
    List<LlamaModel> models,
    Path folder,
    int mostRunning,
    Duration idle,
    Duration patience,
    Duration silence) {

  public LlamaCppSettings {
    models = List.copyOf(models);
    if (models.isEmpty() || mostRunning < 1) {
      throw new IllegalArgumentException("llama.cpp needs a model, and one child at least");
    }
    Set<String> ids = new HashSet<>();
    for (LlamaModel model : models) {
      if (!ids.add(model.id())) {
        throw new IllegalArgumentException("two models are called '" + model.id() + "'");
      }
    }
  }

  /** With the usual limits: two children, ten minutes idle, ten to load, 30 seconds of silence. */
  public static LlamaCppSettings of(String name, List<LlamaModel> models, Path folder) {
    return new LlamaCppSettings(
        name,
        models,
        folder,
        2,
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        Duration.ofSeconds(30));
  }

  /** The same with so many children at once, which may be idle for so long. */
  public LlamaCppSettings holding(int most, Duration idleFor) {
    return new LlamaCppSettings(name, models, folder, most, idleFor, patience, silence);
  }

  /** The same with less patience. */
  public LlamaCppSettings within(Duration toLoad, Duration unanswered) {
    return new LlamaCppSettings(name, models, folder, mostRunning, idle, toLoad, unanswered);
  }
}
