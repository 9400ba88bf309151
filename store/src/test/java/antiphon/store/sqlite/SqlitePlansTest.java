package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.key.KeyRights;
import antiphon.core.store.ApiKey;
import antiphon.core.store.PageRequest;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreListener;
import antiphon.protocol.response.ResponseStatus;
import antiphon.store.sql.Faults;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.testkit.store.StoreFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No statement reads a whole table, or sorts one, however large the tables grow. */
final class SqlitePlansTest extends StoreFixture {

  /** A table or one of its aliases; the other aliases are those of small intermediate results. */
  private static final String TABLE = "(r|i|q|c|b|e|s|responses|bodies|events|api_keys)";

  @TempDir private Path folder;
  private final Set<String> statements = ConcurrentHashMap.newKeySet();

  @Override
  protected ResponseStore open() {
    UnaryOperator<Dialect> recorder =
        Faults.statements(sql -> {
          statements.add(sql);
          return sql;
        });
    return SqliteStore.open(
        folder.resolve("data.db"), new SqliteOptions(1, false, StoreListener.NONE, recorder));
  }

  @Test
  void everyStatementUsesAnIndex() throws Exception {
    useEverything();
    List<String> complaints = new ArrayList<>();
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data.db"))) {
      for (String sql : statements) {
        complaints.addAll(complaints(connection, sql));
      }
    }
    assertThat(statements).hasSizeGreaterThan(25);
    assertThat(complaints).isEmpty();
  }

  private static List<String> complaints(Connection connection, String sql) throws SQLException {
    List<String> complaints = new ArrayList<>();
    try (PreparedStatement explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
        ResultSet steps = explain.executeQuery()) {
      while (steps.next()) {
        String step = steps.getString("detail");
        if (isSlow(step) && !sql.contains("FROM api_keys ORDER BY")) {
          complaints.add(step + "\n" + sql);
        }
      }
    }
    return complaints;
  }

  private static boolean isSlow(String step) {
    boolean wholeTable = step.matches("(SCAN|SEARCH) " + TABLE + "( USING AUTOMATIC.*)?");
    boolean wholeOwner =
        step.matches(".*INDEX responses_(list|running) \\(tenant=\\?( AND end_user=\\?)?\\)")
            && !step.contains("COVERING");
    return wholeTable || wholeOwner;
  }

  private void useEverything() {
    var keys = ((SqliteStore) store()).keys();
    keys.add(new ApiKey("key_1", "acme", "l", new byte[32], "h", KeyRights.ALL, 1, null));
    assertThat(keys.find(new byte[32])).isPresent();
    assertThat(keys.list()).hasSize(1);
    assertThat(keys.revoke("key_1")).isTrue();
    RunKey run = running(ACCOUNT);
    append(run, 2, 1);
    append(new RunKey(run.id(), 7), 2, 1);
    store().heartbeat("n1", List.of(run), LONG);
    store().requestCancel(run.id());
    store().release(new RunKey(run.id(), 7));
    store().orphans(10);
    store().queued();
    store().endFromLog(run.id(), log -> planned(log, ResponseStatus.CANCELLED));
    store().updateMetadata(run.id(), bytes("{}"), old -> old);
    store().chain(run.id(), 1_000_000);
    log(run.id());
    String id = run.id().value();
    for (boolean descending : List.of(true, false)) {
      store().list(ACCOUNT, new PageRequest(10, descending, id, id), 1_000_000);
    }
    store().delete(run.id());
    store().purge(new Retention(Duration.ZERO, Duration.ZERO), 10);
  }
}
