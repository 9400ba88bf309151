package antiphon.server.cli;

import antiphon.core.engine.Engine;
import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.engines.embedded.EmbeddedEngine;
import antiphon.engines.embedded.EmbeddedEngineException;
import antiphon.engines.embedded.EmbeddedSettings;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.EngineSettings;
import antiphon.server.settings.ServerSettings;
import antiphon.server.wiring.Upstreams;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes engines of their settings. */
final class EngineStarter {

  private final ServerSettings settings;
  private final DataFolder folder;
  private final PrintWriter err;

  /**
   * @param err where the download of a model is shown
   */
  EngineStarter(ServerSettings settings, DataFolder folder, PrintWriter err) {
    this.settings = settings;
    this.folder = folder;
    this.err = err;
  }

  /**
   * All of them; the embedded engine if there are none.
   *
   * @throws UserError if one cannot be started; the others are closed then
   */
  Engines start(List<EngineSettings> chosen, ModelMap models) throws InterruptedException {
    List<Engine> started = new ArrayList<>();
    boolean done = false;
    try {
      for (EngineSettings one : chosen) {
        started.add(start(one));
      }
      if (started.isEmpty()) {
        started.add(embedded());
      }
      Engines engines = new Engines(started, models);
      done = true;
      return engines;
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    } finally {
      if (!done) {
        started.forEach(Engine::close);
      }
    }
  }

  private Engine start(EngineSettings one) throws InterruptedException {
    return switch (one) {
      case EngineSettings.Chat chat -> Upstreams.chat(chat);
      case EngineSettings.Responses responses -> Upstreams.responses(responses);
      case EngineSettings.Embedded _ -> embedded();
    };
  }

  private Engine embedded() throws InterruptedException {
    Path weights = new ModelFile(folder, err).resolve(settings.model());
    ServerSettings.Embedded embedded = settings.embedded();
    EmbeddedSettings how =
        new EmbeddedSettings(embedded.sequences(), embedded.threads(), embedded.contextLength());
    try {
      return EmbeddedEngine.open(weights, how);
    } catch (EmbeddedEngineException | RuntimeException e) {
      throw new UserError("The model " + weights + " cannot be loaded: " + e.getMessage());
    }
  }
}
