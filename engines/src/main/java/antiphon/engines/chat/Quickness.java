package antiphon.engines.chat;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long an engine's answers take, for each of its models. Those of a quick one are over before
 * anybody could want to stop them, so that to stream them would be work for nothing.
 */
final class Quickness {

  /** Answers that take less on the average are quick. */
  private static final Duration QUICK = Duration.ofMillis(250);

  /** So many answers have to be seen first. */
  private static final int ENOUGH = 16;

  /** The last answer counts for so much of the average: one slow one is noticed. */
  private static final double SHARE = 1.0 / 8;

  /** Where an engine takes any name, clients make them. */
  private static final int MOST_MODELS = 1000;

  private final ConcurrentHashMap<String, Seen> models = new ConcurrentHashMap<>();

  /** Whether this model's answers have been quick of late. */
  boolean quick(String model) {
    Seen seen = models.get(model);
    return seen != null && seen.count >= ENOUGH && seen.nanos < QUICK.toNanos();
  }

  /** An answer took so long. */
  void took(String model, long nanos) {
    if (models.size() >= MOST_MODELS) {
      models.clear();
    }
    models.merge(model, new Seen(1, nanos), Seen::and);
  }

  /**
   * What was seen of a model.
   *
   * @param count how many answers, up to enough
   * @param nanos how long they take
   */
  private record Seen(int count, double nanos) {
    Seen and(Seen one) {
      return new Seen(Math.min(ENOUGH, count + 1), nanos + SHARE * (one.nanos - nanos));
    }
  }
}
