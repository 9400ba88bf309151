package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.core.engine.EngineException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real program; the default model was not made for it, but has vectors too. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class LlamaCppEmbedderTest {

  @TempDir Path folder;

  @Test
  void theChildMakesVectors() throws Exception {
    try (LlamaCppEmbedder embedder = embedder(RealChild.model())) {
      List<float[]> vectors =
          embedder.embed(
              List.of(
                  "The cat sleeps on the sofa.",
                  "A cat is sleeping on a sofa.",
                  "Interest rates rose by a quarter point."));
      assertThat(vectors).hasSize(3);
      assertThat(vectors)
          .allSatisfy(
              vector -> assertThat(product(vector, vector)).isCloseTo(1, Offset.offset(1e-4)));
      assertThat(embedder.dimensions()).isEqualTo(576).isEqualTo(vectors.getFirst().length);
      assertThat(product(vectors.get(0), vectors.get(1)))
          .isGreaterThan(product(vectors.get(0), vectors.get(2)));
      // Longer than the model takes in one go.
      EngineException failed =
          catchThrowableOfType(
              EngineException.class, () -> embedder.embed(List.of("word ".repeat(3000))));
      assertThat(failed).isNotNull();
      // A text that is long, but not too long.
      assertThat(embedder.embed(List.of("word ".repeat(500)))).hasSize(1);
    }
  }

  @Test
  void aFileThatIsNoneIsAMessage() {
    try (LlamaCppEmbedder embedder = embedder(folder.resolve("none.gguf"))) {
      EngineException failed =
          catchThrowableOfType(EngineException.class, () -> embedder.embed(List.of("a")));
      assertThat(failed).isNotNull().hasMessageContaining("there is no file");
    }
  }

  /** The default model's file does not say how its vectors are made one. */
  private LlamaCppEmbedder embedder(Path file) {
    LlamaModel plain = LlamaModel.of(file);
    LlamaModel mean =
        new LlamaModel(
            plain.id(),
            file,
            null,
            plain.slots(),
            plain.threads(),
            null,
            null,
            null,
            null,
            Map.of("pooling_type", "mean"));
    return new LlamaCppEmbedder(
        "embeddings", mean, folder.resolve("logs"), RealChild.program(), InstantSource.system());
  }

  private static double product(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }
}
