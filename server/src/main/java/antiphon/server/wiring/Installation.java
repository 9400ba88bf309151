package antiphon.server.wiring;

import antiphon.core.agent.AgentCalls;
import antiphon.core.api.Keys;
import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Engines;
import antiphon.core.queue.TenantLimits;
import antiphon.core.step.RunListener;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolRunner;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SandboxSettings;
import antiphon.server.settings.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A running server with everything it owns: its store, its engines, its data folder's address. */
public final class Installation implements AutoCloseable {

  /** The environment variable that gives the nodes of a cluster one key for reasoning. */
  private static final String SEAL_KEY = "ANTIPHON_SEAL_KEY";

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final DataFolder folder;
  private final Server server;
  private final String address;
  private final Engines engines;

  private Installation(
      ServerSettings settings, DataFolder folder, Engines engines, TenantLimits tenants) {
    this.folder = folder;
    this.engines = own(engines);
    try {
      Storage storage = own(Storage.open(settings.store(), folder));
      String node = node();
      Knowledge knowledge = knowledge(settings, storage);
      Sandboxing sandboxing = sandboxing(settings, storage, node, knowledge);
      AgentCalls agents = agents(storage);
      ServerTools tools =
          own(
              Toolbox.open(
                  settings.tools(),
                  storage,
                  knowledge,
                  folder.pages(),
                  agents,
                  runners(sandboxing, knowledge)));
      server =
          new Server(
              settings.runner(node, engines.concurrency()).with(tenants),
              settings.store().retention(),
              settings.http(),
              storage,
              engines,
              seal(folder),
              tools,
              settings.prompts(),
              knowledge,
              sandboxing == null ? null : sandboxing.containers(),
              RunListener.NONE);
      owned.push(server);
      if (agents != null) {
        agents.connect(server.responses());
      }
      if (sandboxing != null) {
        sandboxing.start();
      }
      address = "http://" + settings.host() + ":" + server.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a server.
   *
   * @param engines what runs the models; closed with the server
   * @param tenants how many responses each tenant may have running
   * @throws RuntimeException saying why, if the data or the port is taken
   */
  public static Installation start(
      ServerSettings settings, DataFolder folder, Engines engines, TenantLimits tenants) {
    return new Installation(settings, folder, engines, tenants);
  }

  /** Tells other commands where it listens. */
  public void announce() {
    folder.announce(address);
  }

  /** {@code http://HOST:PORT}. */
  public String address() {
    return address;
  }

  /** The model that {@code auto} stands for. */
  public String defaultModel() {
    return engines.models().isEmpty() ? "none" : engines.models().getFirst().id();
  }

  public Keys keys() {
    return server.keys();
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.push(part);
    return part;
  }

  private static ReasoningSeal seal(DataFolder folder) {
    String given = System.getenv(SEAL_KEY);
    return new ReasoningSeal(
        given == null || given.isEmpty()
            ? folder.sealKey()
            : given.getBytes(StandardCharsets.UTF_8));
  }

  private static List<ToolRunner> runners(
      @Nullable Sandboxing sandboxing, @Nullable Knowledge knowledge) {
    List<ToolRunner> runners = new ArrayList<>();
    if (sandboxing != null) {
      runners.addAll(sandboxing.runners());
    }
    if (knowledge != null) {
      runners.add(knowledge.fileSearch());
    }
    return runners;
  }

  private @Nullable AgentCalls agents(Storage storage) {
    return storage.agents() == null
        ? null
        : own(new AgentCalls(storage.agents(), storage.responses(), storage.signals()));
  }

  private @Nullable Knowledge knowledge(ServerSettings settings, Storage storage) {
    KnowledgeStorage kept = storage.knowledge();
    return kept == null ? null : own(new Knowledge(settings.knowledge(), kept));
  }

  private @Nullable Sandboxing sandboxing(
      ServerSettings settings, Storage storage, String node, @Nullable Knowledge knowledge) {
    SandboxSettings sandbox = settings.sandbox();
    if (storage.containers() == null || !sandbox.enabled()) {
      return null;
    }
    return own(
        new Sandboxing(
            sandbox,
            sandbox.packages() == null ? folder.packages() : sandbox.packages(),
            node,
            storage.containers(),
            knowledge == null ? null : knowledge.files()));
  }

  private static String node() {
    return "node_" + UUID.randomUUID().toString().replace("-", "");
  }

  /**
   * Stops.
   *
   * @param grace how long what runs may go on
   */
  public void close(Duration grace) throws InterruptedException {
    folder.unannounce();
    server.close(grace);
    close();
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        failure = new IllegalStateException("the server could not be closed properly", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
