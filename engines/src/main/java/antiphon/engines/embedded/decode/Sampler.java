package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.llama.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Draws the tokens of one sequence. In order: penalties, constraint, temperature, top-k, top-p,
 * min-p.
 *
 * <p>A token that the constraint forbids is taken out and drawing begins anew; that gives the same
 * odds as asking for every token beforehand, and seldom asks for more than one.
 */
final class Sampler {

  /** A token whose odds are below e^-30 of the likeliest one's is never drawn. */
  private static final double NEGLIGIBLE = 30;

  private static final int GUESSES = 24;

  private final Sampling sampling;
  private final Vocabulary vocabulary;
  private final @Nullable Constraint constraint;
  private final SplittableRandom random;
  private final Set<Integer> seen = new HashSet<>();
  private final Map<Integer, Integer> written = new HashMap<>();

  Sampler(
      Sampling sampling,
      Vocabulary vocabulary,
      int[] prompt,
      int promptLength,
      @Nullable Constraint constraint) {
    this.sampling = sampling;
    this.vocabulary = vocabulary;
    this.constraint = constraint;
    this.random = new SplittableRandom(sampling.seed());
    if (sampling.repetitionPenalty() != 1) {
      for (int i = 0; i < promptLength; i++) {
        seen.add(prompt[i]);
      }
    }
  }

  /**
   * Draws the next token.
   *
   * @param logits the model's word; overwritten
   */
  TokenLogprob draw(float[] logits) {
    double total = sampling.logprobs() ? logTotal(logits) : Double.NaN;
    List<TokenLogprob.Alternative> top =
        sampling.logprobs() ? likeliest(logits, sampling.topLogprobs(), total) : List.of();
    float[] plain = sampling.logprobs() ? logits.clone() : logits;
    punish(logits);
    int token = constraint == null ? pick(logits) : pickAllowed(logits, constraint);
    double logprob = sampling.logprobs() ? plain[token] - total : Double.NaN;
    seen.add(token);
    written.merge(token, 1, Integer::sum);
    if (constraint != null) {
      constraint.accept(token);
    }
    return new TokenLogprob(token, logprob, top);
  }

  private void punish(float[] logits) {
    double repetition = sampling.repetitionPenalty();
    if (repetition != 1) {
      for (int token : seen) {
        float logit = logits[token];
        logits[token] = (float) (logit > 0 ? logit / repetition : logit * repetition);
      }
    }
    if (sampling.presencePenalty() != 0 || sampling.frequencyPenalty() != 0) {
      written.forEach((token, times) ->
          logits[token] -=
              (float) (sampling.presencePenalty() + times * sampling.frequencyPenalty()));
    }
  }

  private int pickAllowed(float[] logits, Constraint rule) {
    for (int guess = 0; guess < GUESSES; guess++) {
      int token = pick(logits);
      if (rule.allows(token)) {
        return token;
      }
      logits[token] = Float.NEGATIVE_INFINITY;
    }
    BitSet allowed = rule.allowed();
    if (allowed.isEmpty()) {
      return vocabulary.eos() >= 0 ? vocabulary.eos() : pick(logits);
    }
    for (int token = 0; token < logits.length; token++) {
      if (!allowed.get(token)) {
        logits[token] = Float.NEGATIVE_INFINITY;
      }
    }
    int token = pick(logits);
    return allowed.get(token) ? token : allowed.nextSetBit(0);
  }

  private int pick(float[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      if (logits[token] > logits[best]) {
        best = token;
      }
    }
    return sampling.temperature() == 0 ? best : drawAmong(logits, logits[best]);
  }

  private int drawAmong(float[] logits, float best) {
    long[] candidates = candidates(logits, best);
    if (candidates.length == 0) {
      return 0;
    }
    boolean ranked = sampling.topK() > 0 || sampling.topP() < 1;
    if (ranked) {
      Arrays.sort(candidates);
    }
    int count =
        sampling.topK() > 0 ? Math.min(sampling.topK(), candidates.length) : candidates.length;
    double[] odds = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      odds[i] = Math.exp((logits[token(candidates[i])] - best) / sampling.temperature());
      sum += odds[i];
    }
    if (sampling.topP() < 1) {
      double share = 0;
      int kept = 0;
      while (kept < count && (kept == 0 || share < sampling.topP() * sum)) {
        share += odds[kept++];
      }
      count = kept;
      sum = share;
    }
    double mark = random.nextDouble() * sum;
    for (int i = 0; i < count - 1; i++) {
      mark -= odds[i];
      if (mark < 0) {
        return token(candidates[i]);
      }
    }
    return token(candidates[count - 1]);
  }

  /** Tokens that can be drawn, packed so that sorting puts the likeliest first, then by number. */
  private long[] candidates(float[] logits, float best) {
    double depth = NEGLIGIBLE;
    if (sampling.minP() > 0) {
      depth = Math.min(depth, -Math.log(Math.min(1, sampling.minP())));
    }
    float least = (float) (best - depth * sampling.temperature());
    long[] found = new long[256];
    int count = 0;
    for (int token = 0; token < logits.length; token++) {
      if (logits[token] >= least && logits[token] > Float.NEGATIVE_INFINITY) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = packed(logits[token], token);
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static long packed(float logit, int token) {
    int bits = Float.floatToIntBits(logit);
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ~ordered << 32) | token;
  }

  private static int token(long packed) {
    return (int) packed;
  }

  private static double logTotal(float[] logits) {
    float best = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      best = Math.max(best, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - best);
    }
    return best + Math.log(sum);
  }

  private static List<TokenLogprob.Alternative> likeliest(float[] logits, int count, double total) {
    long[] best = new long[count];
    int size = 0;
    for (int token = 0; token < logits.length && count > 0; token++) {
      long entry = packed(logits[token], token);
      if (size == count && entry >= best[size - 1]) {
        continue;
      }
      int at = size < count ? size++ : size - 1;
      while (at > 0 && best[at - 1] > entry) {
        best[at] = best[at - 1];
        at--;
      }
      best[at] = entry;
    }
    List<TokenLogprob.Alternative> top = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      top.add(new TokenLogprob.Alternative(token(best[i]), logits[token(best[i])] - total));
    }
    return top;
  }
}
