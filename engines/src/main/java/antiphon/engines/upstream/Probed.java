package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;

/** An engine that can be asked whether it is there. */
public interface Probed {

  /**
   * Asks, without giving it any work.
   *
   * @throws EngineException if it is not there, or says that it cannot serve
   */
  void probe() throws EngineException, InterruptedException;
}
