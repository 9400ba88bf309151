package antiphon.store.postgres;

import antiphon.core.store.ResponseStore;
import antiphon.store.sql.Parking;
import antiphon.store.sql.RaceContract;
import antiphon.store.sql.commit.Database;
import antiphon.testkit.store.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The races over PostgreSQL, where the second may come to the row while the first is held. */
final class PostgresRaceTest extends RaceContract {

  @Override
  protected ResponseStore open(Parking watching) throws Exception {
    var options =
        new PostgresOptions(
            Server.url(),
            new Database.Threads(2, 4, 2),
            Duration.ofSeconds(10),
            watching,
            watching.between());
    PostgresStore store = PostgresStore.open(options);
    Server.empty();
    return store;
  }

  @Override
  protected void awaitStuckOrDone(CompletableFuture<?> second) {
    Await.until("the second to be done or to wait for a lock", () -> second.isDone() || waits());
  }

  /** Until somebody waits for a lock. */
  static void awaitLockWait() {
    Await.until("a wait for a lock", PostgresRaceTest::waits);
  }

  private static boolean waits() {
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement();
        ResultSet waiting =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
      waiting.next();
      return waiting.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
