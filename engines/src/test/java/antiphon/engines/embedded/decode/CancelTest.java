package antiphon.engines.embedded.decode;

import static antiphon.engines.embedded.TestModel.longText;
import static antiphon.engines.embedded.TestModel.question;
import static antiphon.engines.embedded.decode.Runs.finish;
import static antiphon.engines.embedded.decode.Runs.greedy;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.embedded.TestModel;
import antiphon.engines.embedded.llama.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class CancelTest {

  private static final long SEED = 11;
  private static final int ROUNDS = 20;

  /** Generous: another process may hold the processor for a while. */
  private static final double MOST_MILLIS = 500;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void aDropTakesEffectAtOnceWhileReadingAndWhileDrawing() throws Exception {
    List<Double> reading = new ArrayList<>();
    List<Double> drawing = new ArrayList<>();
    try (Decoder decoder =
        new Decoder(TestModel.model(), new DecoderSettings(2, 1024, 2, 1, 128))) {
      for (int i = 0; i < ROUNDS; i++) {
        Generation reads = decoder.start(greedy(different(i, longText(1000)), 10));
        LockSupport.parkNanos(random.nextInt(5, 120) * 1_000_000L);
        reading.add(cancel(reads));

        Generation draws = decoder.start(greedy(question("Count!"), 500));
        assertThat(draws.next()).isInstanceOf(GenerationEvent.Text.class);
        LockSupport.parkNanos(random.nextInt(0, 20) * 1_000_000L);
        drawing.add(cancel(draws));
      }
      assertThat(decoder.load()).isEqualTo(new Decoder.Load(0, 0, 2 * ROUNDS));
    }
    System.out.println("drop while reading: " + Runs.percentiles(reading));
    System.out.println("drop while drawing: " + Runs.percentiles(drawing));
    assertThat(reading).allMatch(millis -> millis < MOST_MILLIS);
    assertThat(drawing).allMatch(millis -> millis < MOST_MILLIS);
  }

  private static double cancel(Generation generation) {
    long began = System.nanoTime();
    generation.cancel();
    assertThat(generation.isOver()).isTrue();
    return (System.nanoTime() - began) / 1e6;
  }

  /** The prompt with another beginning each time, so that nothing of it is known already. */
  private static Tokens different(int i, Tokens prompt) {
    return Tokens.concat(List.of(TestModel.model().tokenize("Nr " + i), prompt));
  }

  @Test
  void sequencesSideBySideGiveWhatTheyGiveAlone() throws Exception {
    List<Tokens> prompts =
        List.of(
            question("What is the sea?"),
            question("Say hello."),
            question("Tell me a story."),
            longText(120));
    List<String> alone = new ArrayList<>();
    try (Decoder decoder = new Decoder(TestModel.model(), new DecoderSettings(1, 512, 1, 1, 128))) {
      for (Tokens prompt : prompts) {
        alone.add(finish(decoder.start(greedy(prompt, 16))).text());
      }
    }
    try (Decoder decoder = new Decoder(TestModel.model(), new DecoderSettings(4, 512, 2, 1, 128))) {
      for (int round = 0; round < 2; round++) {
        List<Generation> all = new ArrayList<>();
        Generation dropped = decoder.start(greedy(different(round, longText(400)), 16));
        for (Tokens prompt : prompts) {
          all.add(decoder.start(greedy(prompt, 16)));
        }
        LockSupport.parkNanos(random.nextInt(20, 400) * 1_000_000L);
        dropped.cancel();
        for (int i = 0; i < prompts.size(); i++) {
          assertThat(finish(all.get(i)).text())
              .as("seed %d, round %d, prompt %d", SEED, round, i)
              .isEqualTo(alone.get(i));
        }
      }
    }
  }

  @Test
  void aDroppedPromptGoesOnWhereItWas() throws Exception {
    Tokens prompt = longText(300);
    try (Decoder decoder = new Decoder(TestModel.model(), new DecoderSettings(1, 512, 1, 1, 32))) {
      Generation dropped = decoder.start(greedy(prompt, 8));
      LockSupport.parkNanos(1_000_000_000L);
      dropped.cancel();
      Generation again = decoder.start(greedy(prompt, 8));
      String text = finish(again).text();
      Generation whole = decoder.start(greedy(different(1, prompt), 1));
      finish(whole);
      String fresh = finish(decoder.start(greedy(prompt, 8))).text();

      assertThat(again.cachedTokens()).isPositive();
      assertThat(text).isEqualTo(fresh);
    }
  }
}
