package antiphon.knowledge.embed;

import antiphon.core.engine.Embedder;
import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * all-MiniLM-L6-v2, quantized, in this process: small, quick, and for English. Loaded when it is
 * first asked, which takes a second and some 240 MB.
 */
public final class BuiltInEmbedder implements Embedder {

  /** Its name. */
  public static final String MODEL = "all-minilm-l6-v2";

  /** What it reads well, in tokens; longer texts are read in parts, whose vectors are averaged. */
  public static final int WINDOW = 256;

  private static final int DIMENSIONS = 384;

  /** So many texts between two looks at an interrupt. */
  private static final int AT_ONCE = 8;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
          Thread.ofPlatform().name("embedding-", 0).daemon().factory());

  private @Nullable EmbeddingModel model;

  /**
   * @param folder where its native library is unpacked to
   */
  public BuiltInEmbedder(Path folder) {
    // Else they go to the home folder of whoever runs the server.
    if (System.getProperty("DJL_CACHE_DIR") == null) {
      System.setProperty("DJL_CACHE_DIR", folder.toAbsolutePath().toString());
    }
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int dimensions() {
    return DIMENSIONS;
  }

  @Override
  public List<float[]> embed(List<String> texts) throws EngineException, InterruptedException {
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += AT_ONCE) {
      vectors.addAll(some(texts.subList(from, Math.min(texts.size(), from + AT_ONCE))));
    }
    return vectors;
  }

  /** In threads that an interrupt does not reach: a native call must not be left half done. */
  private List<float[]> some(List<String> texts) throws EngineException, InterruptedException {
    List<Future<float[]>> asked = new ArrayList<>();
    for (String text : texts) {
      if (text.isEmpty()) {
        throw new EngineException(
            new Problem.Invalid("A text is empty: it has no vector.", "input", null));
      }
      asked.add(threads.submit(() -> vector(text)));
    }
    List<float[]> vectors = new ArrayList<>();
    for (Future<float[]> one : asked) {
      try {
        vectors.add(one.get());
      } catch (ExecutionException e) {
        throw new EngineException(
            new Problem.Engine(
                Problem.Engine.Kind.BROKEN,
                "The built-in embedding model failed: " + e.getCause(),
                null));
      }
    }
    return vectors;
  }

  private float[] vector(String text) {
    Embedding embedding = loaded().embed(TextSegment.from(text)).content();
    embedding.normalize();
    return embedding.vector();
  }

  private synchronized EmbeddingModel loaded() {
    if (model == null) {
      model = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
    }
    return model;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
