package antiphon.engines.llamacpp;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.upstream.UpstreamSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * llama.cpp's server, run beside this one: a child for each model. What a child can do, it does
 * through Chat Completions like any other engine; this engine sees to it that one is there.
 */
public final class LlamaCppEngine implements Engine {

  private static final Logger LOG = LoggerFactory.getLogger(LlamaCppEngine.class);

  private static final long DEATH_MILLIS = 1000;
  private static final String NOWHERE = "http://127.0.0.1:9/v1";

  private final LlamaCppSettings settings;
  private final Children children;
  private final List<EngineModel> models;
  private final ChatCompletionsEngine absent;

  /**
   * Starts the first model's child in the background.
   *
   * @param program asked for each start
   */
  public LlamaCppEngine(LlamaCppSettings settings, ProgramSource program, InstantSource clock) {
    this.settings = settings;
    this.children = new Children(settings, program, clock);
    this.models =
        settings.models().stream()
            .map(model ->
                new EngineModel(
                    model.id(),
                    ModelFileFacts.changed(model.file()),
                    settings.name(),
                    model.contextLength()))
            .toList();
    this.absent =
        new ChatCompletionsEngine(
            Speech.of(UpstreamSettings.at(settings.name(), NOWHERE, null).serving(List.of())),
            clock);
    children.first().warmUp();
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<EngineModel> models() {
    return models;
  }

  /** What it refuses does not depend on a child. */
  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return absent.refuses(turn);
  }

  /** A turn whose child dies goes on with the next child, once, as far as it was a message. */
  @Override
  public TurnResult generate(Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    Supervisor supervisor = children.of(turn.model());
    Said said = new Said(sink);
    Turn now = turn;
    for (boolean again = false; ; again = true) {
      Running running = children.acquire(supervisor);
      try {
        return said.whole(once(running, now, said));
      } catch (EngineException e) {
        Optional<Turn> rest = again || !died(running) ? Optional.empty() : said.rest(turn);
        if (rest.isEmpty()) {
          throw e;
        }
        now = rest.get();
      } finally {
        supervisor.release();
      }
    }
  }

  static TurnResult once(Running running, Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    Optional<ForcedCall> call =
        ForcedCall.of(turn, sink).filter(one -> !running.calls() || one.keepsGrammar());
    if (call.isEmpty()) {
      return running.chat().generate(turn, sink);
    }
    ForcedCall forced = call.get();
    TurnResult result;
    try {
      result = running.chat().generate(forced.asked(turn), forced);
    } catch (EngineException e) {
      if (!running.calls() || forced.saidAny() || !running.child().alive()) {
        throw e;
      }
      // Templates that part an answer into channels let no plain text through: it is told instead.
      LOG.info("the grammar of a tool cannot be kept: {}", e.getMessage());
      return running.chat().generate(turn, sink);
    }
    forced.end();
    return result;
  }

  /** Its connections break a moment before it is known to have ended. */
  private static boolean died(Running running) throws InterruptedException {
    try {
      running.child().ended().get(DEATH_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException _) {
      return false;
    }
  }

  @Override
  public Optional<Integer> countInputTokens(Turn turn)
      throws EngineException, InterruptedException {
    Supervisor supervisor = children.of(turn.model());
    Running running = children.acquire(supervisor);
    try {
      return running.chat().countInputTokens(turn);
    } finally {
      supervisor.release();
    }
  }

  @Override
  public boolean continuesMessages() {
    return true;
  }

  /** Where the child of a model is in its life. */
  ChildState state(String model) {
    try {
      return children.of(model).state();
    } catch (EngineException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Of all models together; each child queues what is beyond its slots. */
  @Override
  public int concurrency() {
    return settings.models().stream().mapToInt(LlamaModel::slots).sum();
  }

  @Override
  public void close() {
    children.close();
    absent.close();
  }
}
