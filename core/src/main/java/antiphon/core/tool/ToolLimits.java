package antiphon.core.tool;

import java.time.Duration;

/**
 * How much tools may take.
 *
 * @param callTime how long a call may run
 * @param outputChars how many characters of a call's output the model gets
 * @param calls how many calls a response may make, unless its request says otherwise
 */
public record ToolLimits(Duration callTime, int outputChars, int calls) {

  /** Five minutes, 256 thousand characters, 30 calls. */
  public static final ToolLimits USUAL = new ToolLimits(Duration.ofMinutes(5), 256_000, 30);

  public ToolLimits {
    if (callTime.isNegative() || callTime.isZero() || outputChars < 1 || calls < 1) {
      throw new IllegalArgumentException("limits of tools must be positive");
    }
  }
}
