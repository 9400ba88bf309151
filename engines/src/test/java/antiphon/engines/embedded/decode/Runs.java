package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.llama.Tokens;
import java.util.Arrays;
import java.util.List;

/** Runs sequences to their end. */
final class Runs {

  /** What a sequence gave. */
  record Result(String text, List<String> pieces, GenerationEvent.Over end) {}

  private Runs() {}

  static GenerationRequest greedy(Tokens prompt, int maxTokens) {
    return new GenerationRequest(prompt, Sampling.greedy(), List.of(), maxTokens, true, null);
  }

  static Result finish(Generation generation) throws InterruptedException {
    List<String> pieces = new java.util.ArrayList<>();
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Text text -> pieces.add(text.text());
        case GenerationEvent.Over over -> {
          return new Result(String.join("", pieces), pieces, over);
        }
      }
    }
  }

  /** The middle and the worst of some times, in milliseconds. */
  static String percentiles(List<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return "p50 %.1f ms, p99 %.1f ms, of %d"
        .formatted(
            sorted[sorted.length / 2],
            sorted[Math.min(sorted.length - 1, (int) (sorted.length * 0.99))],
            Arrays.stream(sorted).count());
  }
}
