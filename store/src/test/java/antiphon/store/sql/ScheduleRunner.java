package antiphon.store.sql;

import antiphon.core.store.ResponseStore;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Plays many random schedules and says how to play a failed one again. */
public final class ScheduleRunner {

  /** Set it to play that one schedule again. */
  private static final String SEED = "antiphon.seed";

  private ScheduleRunner() {}

  /**
   * Plays schedules one after the other; the actors are spread over the nodes.
   *
   * @throws AssertionError with the seed, when one went wrong
   */
  public static void play(List<ResponseStore> nodes, int count) throws InterruptedException {
    String given = System.getProperty(SEED);
    long first = new Random().nextLong() >>> 16;
    long[] seeds =
        given == null
            ? LongStream.range(first, first + count).toArray()
            : new long[] {Long.parseLong(given)};
    System.out.println(seeds.length + " schedules from seed " + seeds[0]);
    for (long seed : seeds) {
      try {
        new Schedule(seed).play(nodes);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-D" + SEED + "=" + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
