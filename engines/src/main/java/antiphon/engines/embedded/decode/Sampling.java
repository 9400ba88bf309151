package antiphon.engines.embedded.decode;

/**
 * How the next token is drawn.
 *
 * @param temperature 0 takes the likeliest token, greater values flatten the odds
 * @param topK draw among so many of the likeliest, 0 for all
 * @param topP draw among the likeliest that together have this share of the odds, 1 for all
 * @param minP draw among those at least this share as likely as the likeliest, 0 for all
 * @param repetitionPenalty divides the odds of what stands in prompt or text already, 1 for none
 * @param presencePenalty taken from the log odds of what stands in the text already, once
 * @param frequencyPenalty taken from the log odds of what stands in the text, for each time
 * @param seed the same seed, prompt and settings draw the same text
 * @param logprobs whether the log probability of each drawn token is wanted
 * @param topLogprobs the likeliest tokens to be told beside each drawn one, 0 to 20
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double presencePenalty,
    double frequencyPenalty,
    long seed,
    boolean logprobs,
    int topLogprobs) {

  public Sampling {
    temperature = Math.max(0, temperature);
    topK = Math.max(0, topK);
    repetitionPenalty = repetitionPenalty > 0 ? repetitionPenalty : 1;
  }

  /** Always the likeliest token. */
  public static Sampling greedy() {
    return new Sampling(0, 0, 1, 0, 1, 0, 0, 0, false, 0);
  }

  /** All tokens by their odds at this temperature. */
  public static Sampling random(double temperature, long seed) {
    return new Sampling(temperature, 0, 1, 0, 1, 0, 0, seed, false, 0);
  }

  /** The same, telling log probabilities. */
  public Sampling withLogprobs(int top) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        true,
        top);
  }
}
