package antiphon.core.vector;

import antiphon.core.engine.Embedder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The embedding models there are, the default one first. */
public final class Embedders implements AutoCloseable {

  private final Map<String, Served> models = new LinkedHashMap<>();

  /**
   * A model, and how files are best cut for it.
   *
   * @param chunking where a request leaves it to the server
   */
  public record Served(Embedder embedder, Chunking chunking) {}

  /**
   * @param served at least one, each with a name of its own; closed with this
   */
  public Embedders(List<Served> served) {
    if (served.isEmpty()) {
      throw new IllegalArgumentException("an embedding model is needed");
    }
    for (Served one : served) {
      if (models.putIfAbsent(one.embedder().model(), one) != null) {
        throw new IllegalArgumentException("two embedding models " + one.embedder().model());
      }
    }
  }

  /** The model for stores that name none. */
  public Served usual() {
    return models.values().iterator().next();
  }

  /** The model of this name. */
  public Optional<Served> find(String model) {
    return Optional.ofNullable(models.get(model));
  }

  /** Their names. */
  public List<String> names() {
    return List.copyOf(models.keySet());
  }

  @Override
  public void close() {
    models.values().forEach(one -> one.embedder().close());
  }
}
