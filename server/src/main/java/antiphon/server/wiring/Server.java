package antiphon.server.wiring;

import antiphon.core.api.Containers;
import antiphon.core.api.Keys;
import antiphon.core.api.Responses;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.create.Conversations;
import antiphon.core.create.ReasoningSeal;
import antiphon.core.create.ToolSecrets;
import antiphon.core.engine.Engines;
import antiphon.core.health.HealthMonitor;
import antiphon.core.log.Wakeups;
import antiphon.core.prompt.ConfiguredPrompts;
import antiphon.core.prompt.PromptLibrary;
import antiphon.core.run.Claims;
import antiphon.core.run.Heartbeat;
import antiphon.core.run.LiveResponses;
import antiphon.core.run.Orphans;
import antiphon.core.run.RetentionJob;
import antiphon.core.run.Runner;
import antiphon.core.run.RunnerSettings;
import antiphon.core.run.StoreEnds;
import antiphon.core.service.Canceller;
import antiphon.core.service.Compactor;
import antiphon.core.service.ConversationService;
import antiphon.core.service.Creator;
import antiphon.core.service.KeyService;
import antiphon.core.service.ModelService;
import antiphon.core.service.PromptService;
import antiphon.core.service.ResponseService;
import antiphon.core.step.RunListener;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.store.Signals;
import antiphon.core.tool.ServerTools;
import antiphon.http.Api;
import antiphon.http.HttpServer;
import antiphon.http.wire.HttpSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node: store, engines, run loop and HTTP put together. Owns none of what it is given. */
public final class Server implements AutoCloseable {

  /** What clients need to hear how their responses ended. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final Runner runner;
  private final Heartbeat heartbeat;
  private final RetentionJob keeper;
  private final Wakeups wakeups;
  private final Keys keys;
  private final Responses responses;
  private final HealthMonitor health;
  private final HttpServer http;
  private final @Nullable Knowledge knowledge;
  private volatile boolean stopping;

  /** Puts the parts together; nothing works before the start. */
  public Server(
      RunnerSettings run, Retention retention, HttpSettings web, Storage storage, Engines engines) {
    this(
        run,
        retention,
        web,
        storage,
        engines,
        ReasoningSeal.fleeting(),
        ServerTools.NONE,
        ConfiguredPrompts.NONE,
        null,
        null,
        RunListener.NONE);
  }

  /**
   * The same with a seal that outlives this process, and tools.
   *
   * @param seal for reasoning that clients keep; every node of a store needs the same one
   * @param tools that this server runs
   * @param prompts that come with the configuration
   * @param knowledge files and what is made of them; null for none
   * @param containers null for none
   * @param listener hears of what runs here
   */
  public Server(
      RunnerSettings run,
      Retention retention,
      HttpSettings web,
      Storage storage,
      Engines engines,
      ReasoningSeal seal,
      ServerTools tools,
      ConfiguredPrompts prompts,
      @Nullable Knowledge knowledge,
      @Nullable Containers containers,
      RunListener listener) {
    this.knowledge = knowledge;
    ResponseStore store = storage.responses();
    ConversationStore kept = storage.conversations();
    Signals signals = storage.signals();
    LiveResponses live = new LiveResponses();
    StoreEnds ends = new StoreEnds(store, signals, live);
    Conversations conversations = new Conversations(store, kept, run.maxConversationBytes(), seal);
    keys = new KeyService(storage.keys(), store.clock());
    wakeups = new Wakeups(signals, run.heartbeat());
    ToolSecrets secrets = new ToolSecrets(seal);
    Claims claims = new Claims(store, signals, engines, conversations, secrets);
    runner = new Runner(run, store, signals, live, claims, engines.places(), seal, tools, listener);
    heartbeat = new Heartbeat(run, store, live, new Orphans(run, store, signals, live, ends));
    keeper = new RetentionJob(store, retention);
    Creator creator =
        new Creator(
            run,
            store,
            signals,
            live,
            engines,
            conversations,
            kept,
            wakeups,
            tools,
            secrets,
            new PromptLibrary(prompts, storage.prompts()),
            runner);
    Canceller canceller = new Canceller(store, signals, live, ends, wakeups);
    responses =
        new ResponseService(
            store,
            live,
            wakeups,
            creator,
            canceller,
            signals,
            new Compactor(conversations, engines, seal, store.clock()));
    health = new HealthMonitor(store::ping);
    health.watch(store.loops());
    health.watch(heartbeat.loops());
    health.watch(List.of(runner.pulse()));
    http =
        new HttpServer(
            web,
            new Api(
                responses,
                new ConversationService(kept, run.maxConversationBytes(), store.clock()),
                new ModelService(engines),
                keys,
                storage.prompts() == null
                    ? null
                    : new PromptService(storage.prompts(), store.clock()),
                knowledge == null ? null : knowledge.files(),
                containers,
                knowledge == null ? null : knowledge.vectorStores(),
                knowledge == null ? null : knowledge.permissions(),
                knowledge == null ? null : knowledge.memory()),
            () -> !stopping && health.ready(),
            store.clock());
  }

  /** The operations on responses. */
  public Responses responses() {
    return responses;
  }

  public Keys keys() {
    return keys;
  }

  /**
   * Begins to work and to listen; background work that waits in the store goes on.
   *
   * @return the port
   */
  public int start() {
    if (knowledge != null) {
      knowledge.start();
    }
    heartbeat.start();
    runner.start();
    keeper.start();
    health.start();
    int port = http.start();
    health.watch(http.loops());
    return port;
  }

  /**
   * Stops: no new requests, what runs may finish for a while, then the rest is let go.
   *
   * @param grace how long what runs may go on
   */
  public void close(Duration grace) throws InterruptedException {
    stopping = true;
    Thread draining = Thread.ofVirtual().start(() -> http.close(grace.plus(LAST_WORDS)));
    runner.drain(grace);
    // Before their runs are handed over, which may take a while.
    http.endStreams();
    runner.letGo();
    draining.join();
    health.close();
    heartbeat.close();
    keeper.close();
    wakeups.close();
  }

  @Override
  public void close() {
    try {
      close(Duration.ZERO);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
