package antiphon.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in processes of their own, clients, and trouble. How long: {@code
 * -Dhistory.seconds=…}; again with the same decisions: {@code -Dhistory.seed=…}.
 */
class HistoryTest {

  @TempDir Path folder;

  @Test
  void nothingThatWasToldIsTakenBack() throws Exception {
    long seed = Long.getLong("history.seed", System.nanoTime());
    int seconds = Integer.getInteger("history.seconds", 40);
    System.out.println("HistoryTest: seed " + seed + ", " + seconds + " s");
    try (Trial trial = new Trial(folder, seed, false)) {
      trial.run(seconds, true);
      System.out.println("HistoryTest: " + trial.summary());
      assertThat(trial.violations()).isEmpty();
      assertThat(trial.finals()).hasSizeGreaterThan(seconds / 2);
    }
  }

  @Test
  void aNodeThatTrustsItsMemoryIsFound() throws Exception {
    try (Trial trial = new Trial(folder, 1, true)) {
      trial.run(6, false);
      assertThat(trial.violations()).isNotEmpty();
    }
  }
}
