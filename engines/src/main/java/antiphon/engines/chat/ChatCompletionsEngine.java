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
    ChatRequests requests = new ChatRequests(settings);
    byte[] body = Json.bytes(requests.of(turn));
    Limits limits = settings.upstream().limits();
    return upstream.post(
        "chat/completions",
        body,
        requests.streams(turn.request()) ? limits : limits.whole(),
        exchange -> {
          ChatStream stream =
              new ChatStream(
                  settings,
                  exchange.faults(),
                  turn.model(),
                  ChatTools.customNames(turn.request()),
                  sink);
          stream.readAll(exchange);
          return stream.end(body.length / BYTES_PER_TOKEN);
        });
  }

  @Override
  public Optional<Integer> countInputTokens(Turn turn) throws InterruptedException {
    return counter.count(new ChatRequests(settings).of(turn));
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
