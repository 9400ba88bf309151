package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Tokens used. */
public record Usage(
    @JsonProperty(required = true) int inputTokens,
    InputTokensDetails inputTokensDetails,
    @JsonProperty(required = true) int outputTokens,
    OutputTokensDetails outputTokensDetails,
    int totalTokens) {

  /** Nothing used: also what a running response shows. */
  public static final Usage ZERO = of(0, 0);

  /** The mapper gives null for what was left out. */
  public Usage(
      int inputTokens,
      @Nullable InputTokensDetails inputTokensDetails,
      int outputTokens,
      @Nullable OutputTokensDetails outputTokensDetails,
      int totalTokens) {
    this.inputTokens = inputTokens;
    this.inputTokensDetails =
        inputTokensDetails == null ? new InputTokensDetails(0, 0) : inputTokensDetails;
    this.outputTokens = outputTokens;
    this.outputTokensDetails =
        outputTokensDetails == null ? new OutputTokensDetails(0) : outputTokensDetails;
    this.totalTokens = totalTokens;
  }

  /** Neither cached nor reasoning tokens. */
  public static Usage of(int input, int output) {
    return of(input, 0, output, 0);
  }

  /**
   * Usage in detail.
   *
   * @param cached how many of the input tokens were cached
   * @param reasoning how many of the output tokens were reasoning
   */
  public static Usage of(int input, int cached, int output, int reasoning) {
    return new Usage(
        input,
        new InputTokensDetails(cached, 0),
        output,
        new OutputTokensDetails(reasoning),
        input + output);
  }

  /**
   * A turn that broke off, and what it used when it was begun again: all that was generated counts,
   * and the input once. Of its two counts the smaller one holds, for what goes on with a half
   * message has that message in its input too.
   */
  public Usage begunAgain(Usage again) {
    boolean first = inputTokens > 0 && inputTokens < again.inputTokens;
    int input = first ? inputTokens : again.inputTokens;
    int output = outputTokens + again.outputTokens;
    return new Usage(
        input,
        first ? inputTokensDetails : again.inputTokensDetails,
        output,
        new OutputTokensDetails(
            outputTokensDetails.reasoningTokens + again.outputTokensDetails.reasoningTokens),
        input + output);
  }

  /** Both together. */
  public Usage plus(Usage other) {
    return sum(other, 1);
  }

  /** What is left without the other, which is a part of this. */
  public Usage minus(Usage part) {
    return sum(part, -1);
  }

  private Usage sum(Usage other, int sign) {
    return new Usage(
        inputTokens + sign * other.inputTokens,
        new InputTokensDetails(
            inputTokensDetails.cachedTokens + sign * other.inputTokensDetails.cachedTokens,
            inputTokensDetails.cacheWriteTokens + sign * other.inputTokensDetails.cacheWriteTokens),
        outputTokens + sign * other.outputTokens,
        new OutputTokensDetails(
            outputTokensDetails.reasoningTokens + sign * other.outputTokensDetails.reasoningTokens),
        totalTokens + sign * other.totalTokens);
  }

  /** The same and so many more output tokens. */
  public Usage plusOutput(int tokens) {
    return new Usage(
        inputTokens,
        inputTokensDetails,
        outputTokens + tokens,
        outputTokensDetails,
        totalTokens + tokens);
  }

  /** Of the input tokens. */
  public record InputTokensDetails(int cachedTokens, int cacheWriteTokens) {}

  /** Of the output tokens. */
  public record OutputTokensDetails(int reasoningTokens) {}
}
