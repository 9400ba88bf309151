package antiphon.engines.upstream;

import java.time.Duration;

/**
 * How long an engine may take, and how much it may send.
 *
 * @param connect until the connection stands
 * @param firstToken from the request to the first token, prefill and the engine's own queue
 *     included
 * @param betweenTokens from one token to the next
 * @param turn a whole turn, so that a stream without end has one
 * @param turnBytes of one turn's answer on the wire
 * @param retries how often a call is made again when the engine was busy or not there
 */
public record Limits(
    Duration connect,
    Duration firstToken,
    Duration betweenTokens,
    Duration turn,
    long turnBytes,
    int retries) {

  /** 10 seconds, 10 minutes, 2 minutes, 2 hours; 256 MB; two retries. */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(600),
          Duration.ofSeconds(120),
          Duration.ofHours(2),
          256L << 20,
          2);

  public Limits {
    positive("connect", connect);
    positive("firstToken", firstToken);
    positive("betweenTokens", betweenTokens);
    positive("turn", turn);
    if (turnBytes < 1 || retries < 0) {
      throw new IllegalArgumentException("turnBytes must be at least 1, retries at least 0");
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be above 0");
    }
  }

  /** The same with other time limits. */
  public Limits within(Duration connect, Duration firstToken, Duration betweenTokens) {
    return new Limits(connect, firstToken, betweenTokens, turn, turnBytes, retries);
  }

  /** The same for an answer in one piece: until it is there, the whole turn may pass. */
  public Limits whole() {
    return within(connect, turn, turn);
  }

  /** The same with other limits for a whole turn. */
  public Limits forTurn(Duration turn, long turnBytes) {
    return new Limits(connect, firstToken, betweenTokens, turn, turnBytes, retries);
  }

  /** The same with so many retries. */
  public Limits retrying(int retries) {
    return new Limits(connect, firstToken, betweenTokens, turn, turnBytes, retries);
  }
}
