package antiphon.core.service;

import antiphon.core.api.Models;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.Engines;
import java.util.List;
import java.util.Optional;

/** The models of all engines. */
public final class ModelService implements Models {

  private final Engines engines;

  public ModelService(Engines engines) {
    this.engines = engines;
  }

  @Override
  public List<EngineModel> list() {
    return engines.models();
  }

  @Override
  public Optional<EngineModel> find(String id) {
    return engines.models().stream()
        .filter(model -> id.equals(Engines.AUTO) || id.equals(model.id()))
        .findFirst();
  }
}
