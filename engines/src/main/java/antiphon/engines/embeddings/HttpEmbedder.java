package antiphon.engines.embeddings;

import antiphon.core.engine.Embedder;
import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.upstream.Faults;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.Upstream;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Any engine that offers {@code POST /v1/embeddings}. */
public final class HttpEmbedder implements Embedder {

  /** What hosted APIs take in one request is 2,048 texts at most; small calls fail small. */
  static final int MOST_TEXTS = 64;

  /** Characters of one request, about 64,000 tokens; a longer text goes alone. */
  static final int MOST_CHARACTERS = 256_000;

  private final Upstream upstream;
  private final String model;
  private volatile int dimensions;

  /**
   * @param upstream where the engine is
   * @param model the name of the model, as the engine knows it
   */
  public HttpEmbedder(UpstreamSettings upstream, String model, InstantSource clock) {
    this.upstream = new Upstream(upstream, clock);
    this.model = model;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public int dimensions() throws EngineException, InterruptedException {
    if (dimensions == 0) {
      var _ = embed(List.of("a"));
    }
    return dimensions;
  }

  @Override
  public List<float[]> embed(List<String> texts) throws EngineException, InterruptedException {
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isEmpty()) {
        String message = "The text " + i + " is empty: it has no vector.";
        throw new EngineException(new Problem.Invalid(message, "input[" + i + "]", null));
      }
    }
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); ) {
      int to = end(texts, from);
      vectors.addAll(once(texts.subList(from, to)));
      from = to;
    }
    return vectors;
  }

  /** Where the request that begins with this text ends. */
  private static int end(List<String> texts, int from) {
    int to = from + 1;
    long characters = texts.get(from).length();
    while (to < texts.size() && to - from < MOST_TEXTS) {
      characters += texts.get(to).length();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      to++;
    }
    return to;
  }

  private List<float[]> once(List<String> texts) throws EngineException, InterruptedException {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", model);
    ArrayNode input = body.putArray("input");
    texts.forEach(input::add);
    Limits limits = upstream.settings().limits().whole();
    return upstream.post(
        "embeddings",
        Json.bytes(body),
        limits,
        exchange -> {
          JsonNode answer;
          try {
            answer = Json.readStored(exchange.all(), JsonNode.class);
          } catch (InvalidJson _) {
            throw exchange.faults().broken("answered with something that is no JSON");
          }
          if (answer.path("error").isObject()) {
            throw exchange.faults().reported(answer.path("error"));
          }
          List<float[]> vectors = new Vectors(exchange.faults(), texts.size()).of(answer);
          expect(vectors, exchange.faults());
          return vectors;
        });
  }

  /** Vectors of another length than before are of another model: no index could hold both. */
  private void expect(List<float[]> vectors, Faults faults) throws EngineException {
    for (float[] vector : vectors) {
      if (dimensions != 0 && vector.length != dimensions) {
        throw faults.broken(
            "gave a vector of " + vector.length + " numbers instead of " + dimensions);
      }
      dimensions = vector.length;
    }
  }

  @Override
  public void close() {
    upstream.close();
  }
}
