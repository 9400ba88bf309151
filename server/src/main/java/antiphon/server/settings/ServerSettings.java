package antiphon.server.settings;

import antiphon.core.prompt.ConfiguredPrompts;
import antiphon.core.queue.TenantLimits;
import antiphon.core.run.RunnerSettings;
import antiphon.engines.llamacpp.LlamaModel;
import antiphon.http.wire.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set. Each part has its defaults in itself; what the configuration file,
 * the environment and the command line say is laid over them, in this order.
 *
 * @param host where to listen
 * @param port 0 takes a free one
 * @param model a GGUF file for llama.cpp's server, null for the default model
 * @param web how to listen otherwise
 * @param runs how responses run
 * @param store where responses are kept
 * @param llamaCpp how llama.cpp's server runs
 * @param tools the tools that this server runs
 * @param knowledge files and what is made of them
 * @param sandbox where code is run
 * @param prompts that come with the configuration
 */
public record ServerSettings(
    String host,
    int port,
    @Nullable Path model,
    Web web,
    Runs runs,
    StoreSettings store,
    LlamaCpp llamaCpp,
    ToolSettings tools,
    KnowledgeSettings knowledge,
    SandboxSettings sandbox,
    ConfiguredPrompts prompts) {

  /** What holds where nothing is set. */
  public static final ServerSettings DEFAULT =
      new ServerSettings(
          HttpSettings.defaults().host(),
          HttpSettings.defaults().port(),
          null,
          Web.DEFAULT,
          Runs.DEFAULT,
          StoreSettings.DEFAULT,
          LlamaCpp.DEFAULT,
          ToolSettings.DEFAULT,
          KnowledgeSettings.DEFAULT,
          SandboxSettings.DEFAULT,
          ConfiguredPrompts.NONE);

  public ServerSettings {
    Check.range("server.port", port, 0, 65_535);
  }

  /** The same, with what the command line says. */
  public ServerSettings at(String newHost, int newPort, @Nullable Path newModel) {
    return new ServerSettings(
        newHost, newPort, newModel, web, runs, store, llamaCpp, tools, knowledge, sandbox, prompts);
  }

  /** The same, with this program as llama.cpp's server; null leaves what there is. */
  public ServerSettings running(@Nullable Path llamaServer) {
    return new ServerSettings(
        host,
        port,
        model,
        web,
        runs,
        store,
        llamaCpp.with(llamaServer),
        tools,
        knowledge,
        sandbox,
        prompts);
  }

  /** The same, kept elsewhere; null leaves what there is. */
  public ServerSettings keptIn(@Nullable String url, @Nullable String signals) {
    return new ServerSettings(
        host,
        port,
        model,
        web,
        runs,
        store.at(url, signals),
        llamaCpp,
        tools,
        knowledge,
        sandbox,
        prompts);
  }

  /** How HTTP is to be served. */
  public HttpSettings http() {
    HttpSettings usual = HttpSettings.defaults();
    return new HttpSettings(
        host,
        port,
        usual.eventLoops(),
        web.maxBodyMib() * 1024 * 1024,
        web.bodiesBytes(),
        web.maxConnections() == null ? usual.maxConnections() : web.maxConnections(),
        usual.headerTimeout(),
        usual.bodyTimeout(),
        usual.idleTimeout(),
        usual.heartbeat(),
        usual.writeDeadline(),
        Set.copyOf(web.corsOrigins()));
  }

  /**
   * How this node runs responses.
   *
   * @param node this node's name
   * @param concurrency what the engines are worth, unless the settings say otherwise
   */
  public RunnerSettings runner(String node, int concurrency) {
    Integer limit = runs.maxRunning();
    return new RunnerSettings(
            node,
            limit == null ? concurrency : limit,
            runs.maxWaiting(),
            Duration.ofSeconds(runs.leaseSeconds()),
            runs.maxAttempts(),
            TenantLimits.NONE,
            runs.maxConversationMib() * 1024L * 1024)
        .with(tools.unavailable());
  }

  /** How long running work may go on after the server has been told to stop. */
  public Duration grace() {
    return Duration.ofSeconds(runs.graceSeconds());
  }

  /** How long the server makes responses for itself before it listens. */
  public Duration warmUp() {
    return Duration.ofSeconds(runs.warmUpSeconds());
  }

  /**
   * How to listen.
   *
   * @param maxBodyMib the largest request body, in MiB
   * @param maxBodiesMib how much all requests together may hold of their bodies, in MiB; null for
   *     an eighth of the heap
   * @param maxConnections how many clients may be connected; null for what the heap has room for
   * @param corsOrigins whose pages may call from a browser
   */
  public record Web(
      int maxBodyMib,
      @Nullable Integer maxBodiesMib,
      @Nullable Integer maxConnections,
      List<String> corsOrigins) {
    static final int MAX_BODIES = 1024 * 1024;
    static final int MAX_CONNECTIONS = 1_000_000;
    static final Web DEFAULT = new Web(16, null, null, List.of());

    public Web {
      Check.range("web.max_body_mib", maxBodyMib, 1, 1024);
      if (maxBodiesMib != null) {
        Check.range("web.max_bodies_mib", maxBodiesMib, maxBodyMib, MAX_BODIES);
      }
      if (maxConnections != null) {
        Check.range("web.max_connections", maxConnections, 1, MAX_CONNECTIONS);
      }
    }

    private long bodiesBytes() {
      return maxBodiesMib == null
          ? HttpSettings.defaultBodies(maxBodyMib * 1024 * 1024)
          : maxBodiesMib * 1024L * 1024;
    }
  }

  /**
   * How responses run.
   *
   * @param maxRunning how many at once; null for what the engines are worth
   * @param maxWaiting how many more may wait
   * @param leaseSeconds how long a node may be silent until another takes its work over
   * @param maxAttempts how many attempts to run a response may end with the server
   * @param graceSeconds how long running work may go on after a stop
   * @param warmUpSeconds how long the server makes responses for itself before it listens
   * @param maxConversationMib how large a conversation may be, as JSON, in MiB
   */
  public record Runs(
      @Nullable Integer maxRunning,
      int maxWaiting,
      int leaseSeconds,
      int maxAttempts,
      int graceSeconds,
      int warmUpSeconds,
      int maxConversationMib) {
    static final Runs DEFAULT = new Runs(null, 10_000, 15, 3, 10, 0, 32);

    public Runs {
      if (maxRunning != null) {
        Check.range("runs.max_running", maxRunning, 1, 1_000_000);
      }
      Check.range("runs.max_waiting", maxWaiting, 0, 10_000_000);
      Check.range("runs.lease_seconds", leaseSeconds, 1, 3600);
      Check.range("runs.max_attempts", maxAttempts, 1, 100);
      Check.range("runs.grace_seconds", graceSeconds, 0, 3600);
      Check.range("runs.warm_up_seconds", warmUpSeconds, 0, 120);
      Check.range("runs.max_conversation_mib", maxConversationMib, 1, 4096);
    }
  }

  /**
   * llama.cpp's server, run as our child.
   *
   * @param program a {@code llama-server}; null to look for one, and take a package if there is
   *     none
   * @param usual how the model runs that is given as a file alone
   * @param models those that are listed; empty for the one of {@link ServerSettings#model}
   * @param maxLoaded how many models may be loaded at once
   * @param idleSeconds how long a model that is not the first may have nothing to do
   */
  public record LlamaCpp(
      @Nullable Path program,
      LlamaModel usual,
      List<LlamaModel> models,
      int maxLoaded,
      int idleSeconds) {
    static final LlamaCpp DEFAULT =
        new LlamaCpp(null, LlamaModel.of(Path.of("model.gguf")), List.of(), 2, 600);

    public LlamaCpp {
      models = List.copyOf(models);
      Check.range("llama_cpp.max_loaded", maxLoaded, 1, 64);
      Check.range("llama_cpp.idle_seconds", idleSeconds, 1, 1_000_000);
    }

    LlamaCpp with(@Nullable Path newProgram) {
      return new LlamaCpp(
          newProgram == null ? program : newProgram, usual, models, maxLoaded, idleSeconds);
    }
  }
}
