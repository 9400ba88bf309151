package antiphon.engines.embedded.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import antiphon.engines.embedded.TestModel;
import antiphon.engines.embedded.llama.Vocabulary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SamplerTest {

  private static final int DRAWS = 3_000;
  private static final long SEED = 7;

  private final Vocabulary vocabulary = TestModel.model().vocabulary();

  /** Tokens 100 to 104, each half as likely as the one before; all others out of the question. */
  private float[] logits() {
    float[] logits = new float[vocabulary.size()];
    Arrays.fill(logits, -1000);
    for (int i = 0; i < 5; i++) {
      logits[100 + i] = (float) (-i * Math.log(2));
    }
    return logits;
  }

  private static Sampling sampling(double temperature, int topK, double topP, double minP) {
    return new Sampling(temperature, topK, topP, minP, 1, 0, 0, SEED, false, 0);
  }

  private Map<Integer, Double> shares(Sampling sampling, @Nullable Constraint constraint) {
    Sampler sampler = new Sampler(sampling, vocabulary, new int[0], 0, constraint);
    Map<Integer, Double> shares = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      shares.merge(sampler.draw(logits()).token(), 1.0 / DRAWS, Double::sum);
    }
    return shares;
  }

  @Test
  void zeroTemperatureTakesTheLikeliest() {
    assertThat(shares(Sampling.greedy(), null)).containsOnlyKeys(100);
  }

  @Test
  void temperatureOneDrawsByTheOdds() {
    Map<Integer, Double> shares = shares(sampling(1, 0, 1, 0), null);

    assertThat(shares.get(100)).isCloseTo(16 / 31.0, within(0.04));
    assertThat(shares.get(104)).isCloseTo(1 / 31.0, within(0.02));
  }

  @Test
  void temperatureTwoFlattensTheOdds() {
    Map<Integer, Double> shares = shares(sampling(2, 0, 1, 0), null);

    double likeliest = shares.getOrDefault(100, 0.0);
    assertThat(likeliest / shares.getOrDefault(102, 0.0)).isCloseTo(2, within(0.5));
  }

  @Test
  void topKTopPAndMinPNarrowTheChoice() {
    assertThat(shares(sampling(1, 2, 1, 0), null)).containsOnlyKeys(100, 101);
    assertThat(shares(sampling(1, 0, 0.5, 0), null)).containsOnlyKeys(100);
    assertThat(shares(sampling(1, 0, 0.75, 0), null)).containsOnlyKeys(100, 101);
    assertThat(shares(sampling(1, 0, 0, 0), null)).containsOnlyKeys(100);
    assertThat(shares(sampling(1, 0, 1, 0.2), null)).containsOnlyKeys(100, 101, 102);
  }

  @Test
  void aConstraintKeepsTheOddsOfWhatItAllows() {
    BitSet allowed = new BitSet();
    allowed.set(101);
    allowed.set(103);
    Map<Integer, Double> shares = shares(sampling(1, 0, 1, 0), new Only(allowed));

    assertThat(shares).containsOnlyKeys(101, 103);
    assertThat(shares.get(101)).isCloseTo(0.8, within(0.04));
  }

  @Test
  void theOnlyAllowedTokenIsFoundHoweverUnlikely() {
    BitSet allowed = new BitSet();
    allowed.set(40_000);

    assertThat(shares(Sampling.greedy(), new Only(allowed))).containsOnlyKeys(40_000);
  }

  @Test
  void penaltiesTurnTheModelAway() {
    Sampling presence = new Sampling(0, 0, 1, 0, 1, 2, 0, SEED, false, 0);
    Sampler sampler = new Sampler(presence, vocabulary, new int[0], 0, null);
    List<Integer> drawn =
        List.of(
            sampler.draw(logits()).token(),
            sampler.draw(logits()).token(),
            sampler.draw(logits()).token());
    assertThat(drawn).containsExactly(100, 101, 102);

    Sampling repetition = new Sampling(0, 0, 1, 0, 100, 0, 0, SEED, false, 0);
    float[] logits = logits();
    logits[100] = 3;
    logits[101] = 2;
    Sampler afterPrompt = new Sampler(repetition, vocabulary, new int[] {100}, 1, null);
    assertThat(afterPrompt.draw(logits).token()).isEqualTo(101);
  }

  @Test
  void logprobsAreThoseOfTheModel() {
    Sampler sampler =
        new Sampler(Sampling.greedy().withLogprobs(3), vocabulary, new int[0], 0, null);

    TokenLogprob drawn = sampler.draw(logits());

    assertThat(Math.exp(drawn.logprob())).isCloseTo(16 / 31.0, within(1e-6));
    assertThat(drawn.top())
        .extracting(TokenLogprob.Alternative::token)
        .containsExactly(100, 101, 102);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    Sampler one = new Sampler(Sampling.random(1, 5), vocabulary, new int[0], 0, null);
    Sampler two = new Sampler(Sampling.random(1, 5), vocabulary, new int[0], 0, null);
    Sampler other = new Sampler(Sampling.random(1, 6), vocabulary, new int[0], 0, null);

    int[] ofOne = draws(one);

    assertThat(draws(two)).containsExactly(ofOne);
    assertThat(draws(other)).isNotEqualTo(ofOne);
  }

  private int[] draws(Sampler sampler) {
    int[] draws = new int[50];
    Arrays.setAll(draws, _ -> sampler.draw(logits()).token());
    return draws;
  }

  /** Allows these tokens always. */
  private record Only(BitSet tokens) implements Constraint {
    @Override
    public boolean allows(int token) {
      return tokens.get(token);
    }

    @Override
    public BitSet allowed() {
      return (BitSet) tokens.clone();
    }

    @Override
    public void accept(int token) {
      assertThat(tokens.get(token)).isTrue();
    }

    @Override
    public boolean finished() {
      return false;
    }
  }
}
