package antiphon.engines.llamacpp;

import java.time.Duration;

/** How long to wait before a child is started again: longer with each failure in a row. */
final class Pauses {

  private static final Duration MOST = Duration.ofMinutes(1);

  /** One that has served so long has not failed in a row. */
  static final Duration STABLE = Duration.ofMinutes(1);

  private Pauses() {}

  /**
   * After so many failures in a row: none after the first, then 1, 2, 4 … seconds, a minute at
   * most.
   */
  static Duration after(int failures) {
    if (failures <= 1) {
      return Duration.ZERO;
    }
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 2, 6));
    return pause.compareTo(MOST) > 0 ? MOST : pause;
  }
}
