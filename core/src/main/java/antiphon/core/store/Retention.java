package antiphon.core.store;

import java.time.Duration;

/**
 * How long what has ended is kept, counted from its end.
 *
 * @param responses how long a response can be read
 * @param logs how long its log can be read
 */
public record Retention(Duration responses, Duration logs) {
  public Retention {
    if (responses.isNegative() || logs.isNegative()) {
      throw new IllegalArgumentException("a retention is negative");
    }
  }
}
