package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The models of an engine: as configured, else as it told last. It is asked again in the
 * background, so that an engine that hangs delays nobody; only the first question is waited for,
 * and not long.
 */
public final class ModelList {

  private static final Logger LOG = LoggerFactory.getLogger(ModelList.class);
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final Upstream upstream;
  private final InstantSource clock;
  private final boolean configured;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final CountDownLatch asked = new CountDownLatch(1);
  private volatile List<EngineModel> models;
  private volatile long askedAt;

  public ModelList(Upstream upstream, InstantSource clock) {
    this.upstream = upstream;
    this.clock = clock;
    List<String> names = upstream.settings().models();
    this.configured = names != null;
    this.models = names == null ? List.of() : names.stream().map(this::plain).toList();
  }

  /** Whether the settings name the models; if not, the engine itself knows best which it has. */
  public boolean configured() {
    return configured;
  }

  /** The models now; at the very first call it may wait a second for the engine. */
  public List<EngineModel> now() {
    if (configured) {
      return models;
    }
    long age = clock.millis() - askedAt;
    if ((age >= FRESH.toMillis() || age < 0) && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("models of " + upstream.settings().name()).start(this::ask);
    }
    awaitFirst();
    return models;
  }

  private void awaitFirst() {
    if (asked.getCount() == 0) {
      return;
    }
    try {
      var _ = asked.await(FIRST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    try {
      models = read(upstream.get("models", PATIENCE));
    } catch (EngineException | InvalidJson e) {
      LOG.warn("{}: its models cannot be read: {}", upstream.settings().name(), e.getMessage());
    } catch (InterruptedException _) {
      LOG.debug("stopped asking {} for its models", upstream.settings().name());
    } finally {
      askedAt = clock.millis();
      asking.set(false);
      asked.countDown();
    }
  }

  private List<EngineModel> read(byte[] json) {
    JsonNode root = Json.readStored(json, JsonNode.class);
    List<EngineModel> found = new ArrayList<>();
    for (JsonNode model : root.isArray() ? root : root.path("data")) {
      String id = model.path("id").asString("");
      if (!id.isEmpty()) {
        found.add(
            new EngineModel(
                id,
                model.path("created").asLong(0),
                model.path("owned_by").asString(upstream.settings().name()),
                contextLength(model)));
      }
    }
    return List.copyOf(found);
  }

  /** vLLM and SGLang, OpenRouter, Groq, llama.cpp each have a name for it. */
  private static @Nullable Integer contextLength(JsonNode model) {
    for (JsonNode candidate :
        List.of(
            model.path("max_model_len"),
            model.path("context_length"),
            model.path("context_window"),
            model.path("meta").path("n_ctx"),
            model.path("meta").path("n_ctx_train"))) {
      if (candidate.isInt() && candidate.asInt() > 0) {
        return candidate.asInt();
      }
    }
    return null;
  }

  private EngineModel plain(String id) {
    return new EngineModel(id, clock.millis() / 1000, upstream.settings().name(), null);
  }
}
