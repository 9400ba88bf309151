package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.protocol.response.ResponseStatus;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.StoreFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Plans that were made while the tables were empty and are kept while they grow: each must find its
 * row by the key, not by reading some index from end to end.
 */
final class PostgresPlansTest extends StoreFixture {

  private static final int TIMES = 30;

  @Override
  protected ResponseStore open() throws Exception {
    PostgresStore.open(Server.url()).close();
    Server.empty();
    // What another test's connections did is counted when they end, and they end in their own time.
    Await.until(
        "nobody else is connected",
        () ->
            number(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        + " AND datname = current_database() AND pid <> pg_backend_pid()")
                == 0);
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE responses, bodies, events");
      statement.execute("SELECT pg_stat_reset()");
    }
    return PostgresStore.open(Server.url());
  }

  @Test
  void singleRowsAreFoundByTheirKey() {
    for (int i = 0; i < TIMES; i++) {
      RunKey run = new RunKey(insert(foreground(id(ACCOUNT))), 1);
      append(run, 0, 1);
      append(run, 1, 1);
      store().heartbeat("n1", List.of(run), LONG);
      store().requestCancel(run.id());
      log(run.id());
      store().chain(run.id(), 1_000_000);
      if (i % 2 == 0) {
        end(run, 2, ResponseStatus.COMPLETED);
      } else {
        store().endFromLog(run.id(), log -> planned(log, ResponseStatus.CANCELLED));
      }
      find(run.id());
      store().updateMetadata(run.id(), bytes("{}"), old -> old);
      store().delete(run.id());
    }
    Await.until(
        "the statistics",
        () -> used("indexrelname = 'responses_tenant_end_user_id_key'") > 8 * TIMES);
    assertThat(
            used(
                "indexrelname LIKE 'responses~_%' ESCAPE '~' AND indexrelname NOT IN"
                    + " ('responses_pkey', 'responses_tenant_end_user_id_key')"))
        .as("uses of other indexes")
        .isZero();
    assertThat(number("SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname = 'responses'"))
        .as("readings of the whole table")
        .isZero();
  }

  private static long used(String which) {
    return number("SELECT sum(idx_scan) FROM pg_stat_user_indexes WHERE " + which);
  }

  private static long number(String sql) {
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
