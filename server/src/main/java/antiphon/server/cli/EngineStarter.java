package antiphon.server.cli;

import antiphon.core.engine.Engine;
import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.engines.llamacpp.LlamaCppEngine;
import antiphon.engines.llamacpp.LlamaCppSettings;
import antiphon.engines.llamacpp.LlamaModel;
import antiphon.engines.llamacpp.ProgramSource;
import antiphon.engines.llamacpp.ProgramUnavailable;
import antiphon.engines.llamacpp.Programs;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.EngineSettings;
import antiphon.server.settings.ServerSettings;
import antiphon.server.wiring.Upstreams;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Makes engines of their settings. */
final class EngineStarter {

  private static final String PATH = System.getenv().getOrDefault("PATH", "");

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
   * All of them; llama.cpp's server if there are none.
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
        started.add(llamaCpp(EngineSettings.LlamaCpp.NAME));
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
      case EngineSettings.LlamaCpp llama -> llamaCpp(llama.name());
    };
  }

  /** Everything that has to be fetched is fetched now, under the eyes of the user. */
  private Engine llamaCpp(String name) throws InterruptedException {
    ServerSettings.LlamaCpp how = settings.llamaCpp();
    List<LlamaModel> models = new ArrayList<>(how.models());
    if (models.isEmpty() || settings.model() != null) {
      Path file = new ModelFile(folder, err).resolve(settings.model());
      models.addFirst(how.usual().at(file));
    }
    try (LazyBar bar = new LazyBar("llama.cpp", err)) {
      ProgramSource program = Programs.find(how.program(), PATH, folder.programs(), bar::at);
      var _ = program.get();
      LlamaCppSettings usual = LlamaCppSettings.of(name, models, folder.llamaCpp());
      return new LlamaCppEngine(
          usual.holding(how.maxLoaded(), Duration.ofSeconds(how.idleSeconds())),
          program,
          InstantSource.system());
    } catch (ProgramUnavailable | IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }
}
