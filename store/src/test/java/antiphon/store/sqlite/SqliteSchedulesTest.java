package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.Faults;
import antiphon.store.sql.ScheduleRunner;
import antiphon.store.sql.jdbc.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random schedules over SQLite, and the proof that they would find a missing guard. */
final class SqliteSchedulesTest {

  @TempDir private Path folder;

  @Test
  void tenThousandSchedulesLeaveNoContradiction() throws Exception {
    try (SqliteStore store = open(UnaryOperator.identity())) {
      ScheduleRunner.play(List.of(store), 10_000);
    }
  }

  @Test
  void aMissingGuardOfTheEndIsFound() {
    check(sql ->
        sql.replace("r.status IN ('queued', 'in_progress')", "r.status <> ''")
            .replace(
                "r.epoch = ? AND r.next_sequence = ? AND r.metadata_version",
                "r.epoch <> -?-1 AND r.next_sequence <> -?-1 AND r.metadata_version"));
  }

  @Test
  void aMissingFenceOfTheLogIsFound() {
    check(sql ->
        sql.replace(
            "r.status = 'in_progress' AND r.epoch = ? AND r.next", "r.epoch <> -?-1 AND r.next"));
  }

  private void check(UnaryOperator<String> removeGuard) {
    List<String> spoilt = Collections.synchronizedList(new ArrayList<>());
    UnaryOperator<Dialect> sabotage =
        Faults.statements(sql -> {
          String without = removeGuard.apply(sql);
          if (!without.equals(sql)) {
            spoilt.add(without);
          }
          // The log's key would notice too: it is taken out of the way, so that the check must.
          return without.replace("INSERT INTO events", "INSERT OR REPLACE INTO events");
        });
    try (SqliteStore store = open(sabotage)) {
      assertThatThrownBy(() -> ScheduleRunner.play(List.of(store), 10_000))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("-Dantiphon.seed=");
    }
    assertThat(spoilt).as("statements without their guard").isNotEmpty();
  }

  private SqliteStore open(UnaryOperator<Dialect> between) {
    return SqliteStore.open(
        folder.resolve("data.db"), new SqliteOptions(2, false, StoreListener.NONE, between));
  }
}
