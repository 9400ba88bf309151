package antiphon.server.cli;

import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.EngineSettings;
import antiphon.server.settings.RoutingSettings;
import antiphon.server.settings.ServerSettings;
import antiphon.server.settings.SettingsFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a server can be told on the command line. */
@SuppressWarnings("NullAway.Init")
final class ServeOptions {

  @Option(names = "--host", paramLabel = "ADDRESS", description = "Default: 127.0.0.1")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Default: 8080; 0 takes a free one")
  private @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept. Default: $XDG_DATA_HOME/antiphon")
  private @Nullable Path data;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "A GGUF file, run by llama.cpp. Default: SmolLM2-135M-Instruct, downloaded once")
  private @Nullable Path model;

  @Option(
      names = "--llama-server",
      paramLabel = "PATH",
      description =
          "llama.cpp's server. Default: 'llama-server' on the PATH, else a package of it,"
              + " downloaded once")
  private @Nullable Path llamaServer;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description =
          "A PostgreSQL database that any number of nodes share, e.g."
              + " postgresql://user:password@host/antiphon. Default: SQLite in the data folder")
  private @Nullable String store;

  @Option(
      names = "--signals",
      paramLabel = "URL",
      description =
          "Redis or Valkey to wake the other nodes, e.g. redis://host:6379."
              + " Default: the database itself")
  private @Nullable String signals;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as YAML")
  private @Nullable Path config;

  @Option(
      names = "--engine",
      paramLabel = "URL",
      description =
          "An engine that speaks Chat Completions, e.g. http://127.0.0.1:8000/v1; may be repeated."
              + " Default: llama.cpp's server, run beside this one")
  private List<String> engines = List.of();

  @Option(
      names = "--engine-key-env",
      paramLabel = "NAME",
      description = "The environment variable that holds the engines' key")
  private @Nullable String engineKeyVariable;

  /** The data folder, made if need be. */
  DataFolder folder() {
    DataFolder folder = DataFolder.of(data, System.getenv());
    folder.create();
    return folder;
  }

  /** The settings: file, then environment, then command line. */
  ServerSettings settings() {
    try {
      ServerSettings read = SettingsFile.read(config, System.getenv());
      return read.at(
              host == null ? read.host() : host,
              port == null ? read.port() : port,
              model == null ? read.model() : model)
          .keptIn(store, signals)
          .running(llamaServer);
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  /** What the file and the environment say about engines, models and tenants. */
  RoutingSettings routing() {
    try {
      return SettingsFile.readAll(config, System.getenv()).routing();
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The engines to run, the model downloaded if need be. Engines on the command line take the place
   * of the file's, and of its models with them.
   */
  Engines engines(ServerSettings settings, DataFolder folder, PrintWriter err)
      throws InterruptedException {
    RoutingSettings routing = routing();
    ModelMap models = engines.isEmpty() ? routing.models() : ModelMap.NONE;
    List<EngineSettings> chosen = engines.isEmpty() ? routing.engines() : upstreams();
    return new EngineStarter(settings, folder, err).start(chosen, models);
  }

  private List<EngineSettings> upstreams() {
    String key = engineKeyVariable == null ? null : System.getenv(engineKeyVariable);
    if (engineKeyVariable != null && (key == null || key.isBlank())) {
      throw new UserError("The environment variable " + engineKeyVariable + " is not set.");
    }
    List<EngineSettings> made = new ArrayList<>();
    try {
      for (String url : engines) {
        UpstreamSettings upstream = UpstreamSettings.at(name(url), url, key);
        made.add(new EngineSettings.Chat(name(url), List.of(ChatSettings.of(upstream))));
      }
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
    return made;
  }

  /** An engine on the command line has no name: its address serves as one. */
  private static String name(String url) {
    return url.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
  }
}
