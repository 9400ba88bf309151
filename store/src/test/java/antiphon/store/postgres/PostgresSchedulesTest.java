package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.Faults;
import antiphon.store.sql.ScheduleRunner;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Random schedules over PostgreSQL, seen from two nodes. */
final class PostgresSchedulesTest {

  @Test
  void randomSchedulesOnTwoNodesLeaveNoContradiction() throws Exception {
    try (PostgresStore one = open(UnaryOperator.identity());
        PostgresStore two = open(UnaryOperator.identity())) {
      Server.empty();
      ScheduleRunner.play(List.of(one, two), 1_000);
    }
  }

  @Test
  void aMissingGuardOfTheEndIsFound() throws Exception {
    UnaryOperator<Dialect> sabotage =
        Faults.statements(sql ->
            sql.replace("r.status IN ('queued', 'in_progress')", "r.status <> ''")
                .replace(
                    "r.epoch = ? AND r.next_sequence = ? AND r.metadata_version",
                    "r.epoch <> -?-1 AND r.next_sequence <> -?-1 AND r.metadata_version"));
    try (PostgresStore store = open(sabotage)) {
      Server.empty();
      // It ends with the first that it finds, mostly among the first thousand.
      assertThatThrownBy(() -> ScheduleRunner.play(List.of(store), 20_000))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("-Dantiphon.seed=");
    }
  }

  private static PostgresStore open(UnaryOperator<Dialect> between) {
    return PostgresStore.open(
        new PostgresOptions(
            Server.url(),
            new Database.Threads(2, 4, 2),
            Duration.ofSeconds(10),
            StoreListener.NONE,
            between));
  }
}
