package antiphon.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.history.Trial.Kept;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nodes in processes of their own, clients, and trouble. How long: {@code -Dhistory.seconds=…};
 * again with the same decisions: {@code -Dhistory.seed=…}.
 */
class HistoryTest {

  @TempDir Path folder;

  @Test
  void nothingThatWasToldIsTakenBackByThreeNodes() throws Exception {
    nothingIsTakenBack(Kept.POSTGRES, 30);
  }

  @Test
  void nothingThatWasToldIsTakenBackByANodeWithAFile() throws Exception {
    nothingIsTakenBack(Kept.SQLITE, 12);
  }

  private void nothingIsTakenBack(Kept kept, int usually) throws Exception {
    long seed = Long.getLong("history.seed", System.nanoTime());
    int seconds = Integer.getInteger("history.seconds", usually);
    System.out.println("HistoryTest: " + kept + ", seed " + seed + ", " + seconds + " s");
    try (Trial trial = new Trial(folder, kept, seed, Bug.NONE)) {
      trial.run(seconds, true);
      System.out.println("HistoryTest: " + trial.summary());
      assertThat(trial.violations()).isEmpty();
      assertThat(trial.finals()).hasSizeGreaterThan(seconds / 2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE, TRUSTS_CLAIMS",
    "POSTGRES, UNGUARDED",
    "POSTGRES, FORGETFUL",
    "POSTGRES, ALONE"
  })
  void aSeededBugIsFound(Kept kept, Bug bug) throws Exception {
    try (Trial trial = new Trial(folder, kept, 1, bug)) {
      // A busy machine may need more than one round to come upon it.
      int rounds = 0;
      do {
        trial.run(6, false);
        rounds++;
      } while (rounds < 20 && trial.violations().isEmpty());
      System.out.println("HistoryTest: " + bug + ": " + rounds + " rounds, " + trial.summary());
      assertThat(trial.violations()).isNotEmpty();
    }
  }
}
