package antiphon.knowledge.pages;

import antiphon.core.engine.EngineException;
import antiphon.core.health.Complaints;
import antiphon.core.vector.Embedders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is looked for as a vector. */
final class QueryVectors {

  private static final Logger LOG = LoggerFactory.getLogger(QueryVectors.class);

  private QueryVectors() {}

  /**
   * A text's vector; null if the model is not served, or fails: words are looked for then, and
   * nothing else.
   *
   * @param model that the pages were added with; empty for none
   */
  static float @Nullable [] of(Embedders embedders, String model, String text)
      throws InterruptedException {
    Optional<Embedders.Served> served = embedders.find(model);
    if (model.isEmpty() || text.isBlank()) {
      return null;
    }
    if (served.isEmpty()) {
      Complaints.warn(
          LOG,
          "pages",
          "kept pages are searched by words alone: they were added with the embedding model '"
              + model
              + "', which this server does not serve");
      return null;
    }
    try {
      return served.get().embedder().embed(List.of(text)).getFirst();
    } catch (EngineException e) {
      Complaints.warn(LOG, "pages", "kept pages are searched by words alone: " + e.getMessage());
      return null;
    }
  }
}
