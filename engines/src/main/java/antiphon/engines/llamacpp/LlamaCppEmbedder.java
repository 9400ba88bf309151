package antiphon.engines.llamacpp;

import antiphon.core.engine.Embedder;
import antiphon.core.engine.EngineException;
import antiphon.engines.embeddings.HttpEmbedder;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.upstream.UpstreamSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file that makes vectors, run by llama.cpp's server as a child, which is started when it is
 * first asked. A text may have {@value #MOST_TOKENS} tokens: models that read in both directions
 * need all of it at once, so that its batch is that long.
 */
public final class LlamaCppEmbedder implements Embedder {

  /** What a text may have. */
  public static final int MOST_TOKENS = 2048;

  private final LlamaModel model;
  private final String name;
  private final Children children;
  private final InstantSource clock;
  private @Nullable Spoken spoken;

  /**
   * @param name what the engine is called in messages
   * @param given its batch is not used
   * @param folder where the child's log is kept
   * @param program asked for each start
   */
  public LlamaCppEmbedder(
      String name, LlamaModel given, Path folder, ProgramSource program, InstantSource clock) {
    this.name = name;
    this.clock = clock;
    Map<String, String> args = new HashMap<>(given.args());
    args.put("embedding", "");
    this.model =
        new LlamaModel(
            given.id(),
            given.file(),
            given.contextLength(),
            given.slots(),
            given.threads(),
            given.gpuLayers(),
            MOST_TOKENS,
            null,
            null,
            args);
    this.children = new Children(LlamaCppSettings.of(name, List.of(model), folder), program, clock);
  }

  @Override
  public String model() {
    return model.id();
  }

  @Override
  public int dimensions() throws EngineException, InterruptedException {
    return with(HttpEmbedder::dimensions);
  }

  @Override
  public List<float[]> embed(List<String> texts) throws EngineException, InterruptedException {
    return with(embedder -> embedder.embed(texts));
  }

  private <T> T with(Work<T> work) throws EngineException, InterruptedException {
    Supervisor supervisor = children.of(model.id());
    Running running = children.acquire(supervisor);
    try {
      return work.of(speaking(running));
    } finally {
      supervisor.release();
    }
  }

  /** Another child has another address. */
  private synchronized HttpEmbedder speaking(Running running) {
    Spoken now = spoken;
    if (now != null && now.child() == running.child()) {
      return now.embedder();
    }
    if (now != null) {
      now.embedder().close();
    }
    Child child = running.child();
    UpstreamSettings upstream =
        UpstreamSettings.at(name, child.address() + "/v1", child.key()).atOnce(model.slots());
    Spoken fresh = new Spoken(child, new HttpEmbedder(upstream, model.id(), clock));
    spoken = fresh;
    return fresh.embedder();
  }

  @Override
  public synchronized void close() {
    children.close();
    if (spoken != null) {
      spoken.embedder().close();
    }
  }

  private record Spoken(Child child, HttpEmbedder embedder) {}

  /** What is done with a child that runs. */
  @FunctionalInterface
  private interface Work<T> {

    T of(HttpEmbedder embedder) throws EngineException, InterruptedException;
  }
}
