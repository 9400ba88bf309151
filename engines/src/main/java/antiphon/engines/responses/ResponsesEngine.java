package antiphon.engines.responses;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.ModelList;
import antiphon.engines.upstream.Probed;
import antiphon.engines.upstream.Upstream;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.Tool;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * An engine that speaks Responses over HTTP. Its responses are neither stored nor run in the
 * background there, so closing the connection is what cancels them.
 */
public final class ResponsesEngine implements Engine, Probed {

  /** Bytes of JSON for each token, about: for engines that tell no usage. */
  private static final int BYTES_PER_TOKEN = 5;

  private final ResponsesSettings settings;
  private final Upstream upstream;
  private final ModelList models;

  public ResponsesEngine(ResponsesSettings settings, InstantSource clock) {
    this.settings = settings;
    this.upstream = new Upstream(settings.upstream(), clock);
    this.models = new ModelList(upstream, clock);
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
    var extra = turn.request().extraBody();
    return extra == null
        ? Optional.empty()
        : extra.keySet().stream()
            .filter(ResponsesRequests.FIXED::contains)
            .map(ResponsesEngine::fixed)
            .findFirst();
  }

  @Override
  public boolean runs(Tool tool) {
    return settings.runs(tool);
  }

  private static Refusal fixed(String name) {
    String param = "extra_body." + name;
    return new Refusal(param, "'" + param + "' cannot be set there: it comes from the request.");
  }

  @Override
  public TurnResult generate(Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    byte[] body = Json.bytes(new ResponsesRequests(settings).of(turn));
    return upstream.post(
        "responses",
        body,
        settings.upstream().limits(),
        exchange -> {
          sink.begun();
          ResponsesStream stream = new ResponsesStream(exchange.faults(), turn.model(), sink);
          stream.readAll(exchange);
          return stream.end(body.length / BYTES_PER_TOKEN);
        });
  }

  @Override
  public void probe() throws EngineException, InterruptedException {
    upstream.probe();
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
