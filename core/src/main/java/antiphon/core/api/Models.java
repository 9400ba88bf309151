package antiphon.core.api;

import antiphon.core.engine.EngineModel;
import java.util.List;
import java.util.Optional;

/** The models that requests may name. */
public interface Models {

  /** All of them, the default one first. */
  List<EngineModel> list();

  /** The model with this name, {@code auto} included. */
  Optional<EngineModel> find(String id);
}
