package antiphon.core.service;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.vector.Embedders;
import antiphon.protocol.vector.CreateVectorStore;

/** Which model a new store is made with. */
final class VectorModels {

  private VectorModels() {}

  static void requireVectors(CreateVectorStore request) {
    String mode = request.retrievalMode();
    if (mode != null && !mode.equals("vector")) {
      throw Rejected.invalid(
          "retrieval_mode", "Invalid 'retrieval_mode': this server has 'vector' alone.");
    }
    if (request.extractionModel() != null) {
      throw Rejected.invalid(
          "extraction_model", "'extraction_model' is for stores of the mode 'graph' alone.");
    }
    if (request.maxHops() != null) {
      throw Rejected.invalid("max_hops", "'max_hops' is for stores of the mode 'graph' alone.");
    }
  }

  static Embedders.Served of(Embedders embedders, CreateVectorStore request) {
    String model = request.embeddingModel();
    if (model == null || model.equals("auto")) {
      return embedders.usual();
    }
    return embedders
        .find(model)
        .orElseThrow(() ->
            new Rejected(
                new Problem.Invalid(
                    "The embedding model '"
                        + model.substring(0, Math.min(100, model.length()))
                        + "' does not exist; there is "
                        + String.join(", ", embedders.names())
                        + ".",
                    "embedding_model",
                    "model_not_found")));
  }

  static int dimensions(Embedders.Served model, CreateVectorStore request)
      throws InterruptedException {
    int dimensions;
    try {
      dimensions = model.embedder().dimensions();
    } catch (EngineException e) {
      throw new Rejected(e.problem());
    }
    Integer asked = request.embeddingDimensions();
    if (asked != null && asked != dimensions) {
      throw Rejected.invalid(
          "embedding_dimensions",
          "Invalid 'embedding_dimensions': the model '"
              + model.embedder().model()
              + "' has "
              + dimensions
              + ".");
    }
    return dimensions;
  }
}
