package antiphon.engines.llamacpp;

import antiphon.core.engine.EngineException;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.upstream.Upstream;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts llama.cpp's server for one model, and finds out how it is to read prompts. */
final class ChildStarter implements Supervisor.Starter {

  private static final Logger LOG = LoggerFactory.getLogger(ChildStarter.class);
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration ASK = Duration.ofSeconds(10);
  private static final String SAMPLE = "The sea is wide and the ships are many. ";
  private static final int SAMPLES = 4;
  private static final String CHATML = "<|im_start|>";

  private final LlamaCppSettings settings;
  private final LlamaModel model;
  private final ProgramSource program;
  private final InstantSource clock;
  private final ChildLog log;

  ChildStarter(
      LlamaCppSettings settings, LlamaModel model, ProgramSource program, InstantSource clock) {
    this.settings = settings;
    this.model = model;
    this.program = program;
    this.clock = clock;
    this.log = new ChildLog(settings.folder(), model.id());
  }

  @Override
  public LlamaModel model() {
    return model;
  }

  @Override
  public Running start() throws Supervisor.StartFailed, InterruptedException {
    if (!Child.readable(model.file())) {
      throw new Supervisor.StartFailed("there is no file " + model.file() + " that can be read");
    }
    try {
      Findings known = Findings.read(settings.folder(), model);
      Integer told = model.batch();
      Findings before = told == null ? known : known.batch(told);
      Child child = ready(before);
      Findings after = findings(child, before);
      if (after.farFrom(before)) {
        child.close();
        child = ready(after);
      }
      after.keep(settings.folder(), model);
      return running(child, !after.template());
    } catch (IOException e) {
      throw new Supervisor.StartFailed("llama.cpp's server cannot be started: " + e.getMessage());
    } catch (ProgramUnavailable e) {
      throw new Supervisor.StartFailed(e.getMessage());
    }
  }

  private Child ready(Findings known)
      throws IOException, ProgramUnavailable, Supervisor.StartFailed, InterruptedException {
    Path template = known.template() ? Scripts.template(settings.folder()) : null;
    Child child = Child.start(program.get(), model.reading(known.batch()), template, log);
    boolean ready = false;
    try (Upstream upstream = upstream(child)) {
      awaitHealth(child, upstream);
      ready = true;
      return child;
    } finally {
      if (!ready) {
        child.close();
      }
    }
  }

  private void awaitHealth(Child child, Upstream upstream)
      throws Supervisor.StartFailed, InterruptedException {
    long deadline = System.nanoTime() + settings.patience().toNanos();
    while (System.nanoTime() < deadline) {
      if (!child.alive()) {
        throw new Supervisor.StartFailed(
            "llama.cpp cannot load " + model.file() + ": " + child.lastWords());
      }
      try {
        var _ = upstream.get("/health", ASK);
        return;
      } catch (EngineException _) {
        // It listens late, and says 503 until it has loaded its model.
        Thread.sleep(POLL);
      }
    }
    throw new Supervisor.StartFailed(
        "llama.cpp has not loaded it within "
            + settings.patience().toSeconds()
            + " s: "
            + child.lastWords());
  }

  private Upstream upstream(Child child) {
    return new Upstream(settingsOf(child), clock);
  }

  private UpstreamSettings settingsOf(Child child) {
    return UpstreamSettings.at(settings.name(), child.address() + "/v1", child.key());
  }

  private Running running(Child child, boolean calls) {
    UpstreamSettings upstream =
        settingsOf(child).serving(List.of(model.id())).atOnce(model.slots());
    ChatCompletionsEngine chat = new ChatCompletionsEngine(Speech.of(upstream), clock);
    Running running = new Running(child, chat, calls, clock.instant());
    Thread.ofVirtual().name("health of " + model.id()).start(() -> watch(child));
    return running;
  }

  /** A child that hangs is as good as dead, and is made so. */
  private void watch(Child child) {
    Duration silence = settings.silence();
    try (Upstream upstream = upstream(child)) {
      while (child.alive()) {
        Thread.sleep(silence.dividedBy(3));
        if (!answers(upstream, silence) && child.alive()) {
          LOG.warn("{}: says nothing for {} s and is ended", model.id(), silence.toSeconds());
          child.close();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answers(Upstream upstream, Duration within) throws InterruptedException {
    try {
      var _ = upstream.get("/health", within);
      return true;
    } catch (EngineException _) {
      return false;
    }
  }

  /** How it reads and what it knows; what cannot be found out stays as it was. */
  private Findings findings(Child child, Findings before) throws InterruptedException {
    try (Upstream upstream = upstream(child)) {
      Findings found = before;
      if (model.batch() == null) {
        ObjectNode ask = Json.mapper().createObjectNode();
        ask.put("prompt", SAMPLE.repeat(SAMPLES)).put("n_predict", 1).put("cache_prompt", false);
        JsonNode speed =
            json(upstream.ask("/completion", Json.bytes(ask), ASK))
                .path("timings")
                .path("prompt_per_second");
        found = speed.asDouble(0) > 0 ? found.reading(speed.asDouble()) : found;
      }
      JsonNode props = json(upstream.get("/props", ASK));
      boolean replace =
          !callsTools(props) && props.path("chat_template").asString("").contains(CHATML);
      return replace ? found.withTemplate() : found;
    } catch (EngineException | InvalidJson e) {
      LOG.warn("{}: it cannot be measured: {}", model.id(), e.getMessage());
      return before;
    }
  }

  private static boolean callsTools(JsonNode props) {
    return props.path("chat_template_caps").path("supports_tools").asBoolean(true);
  }

  private static JsonNode json(byte[] bytes) {
    return Json.readStored(bytes, JsonNode.class);
  }
}
