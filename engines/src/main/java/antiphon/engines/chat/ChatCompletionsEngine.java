package antiphon.engines.chat;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.ModelList;
import antiphon.engines.upstream.Probed;
import antiphon.engines.upstream.TokenCounter;
import antiphon.engines.upstream.Upstream;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Any engine that speaks Chat Completions over HTTP. */
public final class ChatCompletionsEngine implements Engine, Probed {

  /** Bytes of JSON for each token, about: for engines that tell no usage. */
  private static final int BYTES_PER_TOKEN = 5;

  private final ChatSettings settings;
  private final Upstream upstream;
  private final ModelList models;
  private final TokenCounter counter;
  private final Quickness quickness = new Quickness();

  public ChatCompletionsEngine(ChatSettings settings, InstantSource clock) {
    this.settings = settings;
    this.upstream = new Upstream(settings.upstream(), clock);
    this.models = new ModelList(upstream, clock);
    this.counter = new TokenCounter(upstream, models, settings.tokenizer());
  }

  @Override
  public String name() {
    return settings.upstream().name();
  }

  @Override
  public List<EngineModel> models() {
    return models.now();
  }

  @Override
  public boolean accepts(String model) {
    return !models.configured();
  }

  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return new ChatRefusals(name()).of(turn);
  }

  @Override
  public TurnResult generate(Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    boolean whole = comesWhole(turn);
    byte[] body = Json.bytes(new ChatRequests(settings).of(turn, !whole));
    Limits limits = settings.upstream().limits();
    long since = System.nanoTime();
    TurnResult result =
        upstream.post(
            "chat/completions",
            body,
            whole ? limits.whole() : limits,
            exchange -> {
              sink.begun();
              ChatStream stream =
                  new ChatStream(
                      settings, exchange.faults(), turn.model(), ToolNames.of(turn), sink);
              stream.readAll(exchange);
              return stream.end(body.length / BYTES_PER_TOKEN);
            });
    quickness.took(turn.model(), System.nanoTime() - since);
    return result;
  }

  private boolean comesWhole(Turn turn) {
    CreateResponse request = turn.request();
    boolean followed =
        Boolean.TRUE.equals(request.stream()) || Boolean.TRUE.equals(request.background());
    return !followed
        && switch (settings.wholeAnswers()) {
          case NEVER -> false;
          case WHEN_QUICK -> quickness.quick(turn.model());
          case ALWAYS -> true;
        };
  }

  @Override
  public Optional<Integer> countInputTokens(Turn turn) throws InterruptedException {
    return counter.count(new ChatRequests(settings).of(turn, true));
  }

  @Override
  public void probe() throws EngineException, InterruptedException {
    upstream.probe();
  }

  @Override
  public boolean continuesMessages() {
    return settings.continuesMessages();
  }

  @Override
  public int concurrency() {
    return settings.upstream().maxConcurrency();
  }

  @Override
  public void close() {
    upstream.close();
  }
}
