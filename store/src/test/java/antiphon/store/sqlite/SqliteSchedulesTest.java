package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.store.sql.Probe;
import antiphon.store.sql.ScheduleRunner;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random schedules over SQLite, and the proof that they would find a missing guard. */
final class SqliteSchedulesTest {

  @TempDir private Path folder;

  @Test
  void tenThousandSchedulesLeaveNoContradiction() throws Exception {
    try (SqliteStore store = open(Probe.NONE)) {
      ScheduleRunner.play(store, 10_000);
    }
  }

  @Test
  void aMissingStatusGuardIsFound() {
    check(
        "AND r.status IN ('queued', 'in_progress')\n  AND r.epoch = ? AND r.next_sequence = ?",
        "AND r.epoch <= r.epoch + ? AND r.next_sequence <= r.next_sequence + ?");
  }

  @Test
  void aMissingFenceIsFound() {
    check("AND r.status = 'in_progress' AND r.epoch = ?", "AND r.epoch <= r.epoch + ?");
  }

  private void check(String guard, String instead) {
    Probe sabotage =
        new Probe() {
          @Override
          public String statement(String sql) {
            // The log's key would notice too: it is taken out of the way, so that the check must.
            return sql.replace(guard, instead)
                .replace("INSERT INTO events", "INSERT OR REPLACE INTO events");
          }
        };
    try (SqliteStore store = open(sabotage)) {
      assertThatThrownBy(() -> ScheduleRunner.play(store, 10_000))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("-Dantiphon.seed=");
    }
  }

  private SqliteStore open(Probe probe) {
    return SqliteStore.open(folder.resolve("data.db"), new SqliteOptions(2, false, probe));
  }
}
