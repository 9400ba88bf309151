package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreListener;
import antiphon.store.sql.Faults;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.testkit.store.StoreFixture;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A database whose clock jumps while nodes work. */
final class PostgresClockStepTest extends StoreFixture {

  private static final Duration LEASE = Duration.ofSeconds(15);

  @Override
  protected ResponseStore open() throws Exception {
    execute("CREATE TABLE IF NOT EXISTS clock_step (step interval)");
    execute("TRUNCATE clock_step");
    step(0);
    UnaryOperator<Dialect> jumping =
        Faults.statements(sql ->
            sql.replace(
                "clock_timestamp()", "(clock_timestamp() + (SELECT sum(step) FROM clock_step))"));
    var options =
        new PostgresOptions(
            Server.url(),
            new Database.Threads(2, 2, 2),
            Duration.ofSeconds(5),
            StoreListener.NONE,
            jumping);
    PostgresStore store = PostgresStore.open(options);
    Server.empty();
    return store;
  }

  @Test
  void aMinuteAheadTakesNothingFromTheLiving() throws Exception {
    RunKey background = new RunKey(insert(background(id(ACCOUNT))), 1);
    assertThat(store().claim("n1", 1, LEASE)).hasSize(1);
    ResponseId foreground = insert(foreground(id(USER)));
    List<RunKey> running = List.of(background, new RunKey(foreground, 1));
    store().heartbeat("n1", running, LEASE);

    step(60);

    assertThat(store().claim("n2", 10, LEASE)).isEmpty();
    assertThat(store().orphans(10)).isEmpty();
    assertThat(store().heartbeat("n1", running, LEASE)).as("which sees the jump").isEmpty();
    assertThat(find(foreground).leased()).isTrue();
  }

  @Test
  void aMinuteBackTakesNothingFromTheLiving() throws Exception {
    RunKey background = new RunKey(insert(background(id(ACCOUNT))), 1);
    assertThat(store().claim("n1", 1, LEASE)).hasSize(1);

    step(-60);
    store().heartbeat("n1", List.of(background), LEASE);

    assertThat(store().claim("n2", 10, LEASE)).isEmpty();
  }

  private static void step(int seconds) throws Exception {
    execute("INSERT INTO clock_step VALUES (interval '" + seconds + " s')");
  }

  private static void execute(String sql) throws Exception {
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
