package antiphon.core.store;

import java.time.Duration;

/**
 * How long what has ended is kept, counted from its end.
 *
 * @param responses how long a response can be read
 * @param logs how long its log can be read
 * @param brief how long a background response with {@code store: false} can be read
 */
public record Retention(Duration responses, Duration logs, Duration brief) {

  /** For responses that nobody wants stored, and whose client still has to fetch them. */
  private static final Duration BRIEF = Duration.ofMinutes(10);

  /** The usual minutes for what is not stored. */
  public Retention(Duration responses, Duration logs) {
    this(responses, logs, BRIEF);
  }

  public Retention {
    if (responses.isNegative() || logs.isNegative() || brief.isNegative()) {
      throw new IllegalArgumentException("a retention is negative");
    }
  }
}
