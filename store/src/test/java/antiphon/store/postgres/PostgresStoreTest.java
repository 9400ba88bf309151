package antiphon.store.postgres;

import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.ResponseStoreContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The contract of stores, over PostgreSQL with two nodes. */
final class PostgresStoreTest extends ResponseStoreContract {

  /** More than a node's idea of the database's time is wrong by, in milliseconds. */
  private static final long ERROR = 250;

  private @Nullable PostgresStore one;
  private @Nullable PostgresStore other;

  @Override
  protected ResponseStore open() throws Exception {
    PostgresStore store = PostgresStore.open(Server.url());
    Server.empty();
    one = store;
    return store;
  }

  /** The same one however often it is asked for: what is not closed stays connected. */
  @Override
  protected ResponseStore otherNode() {
    if (other == null) {
      other = PostgresStore.open(Server.url());
    }
    return other;
  }

  /** By the database's time, and by what each node takes it for: none takes it away too early. */
  @Override
  protected void leaseRunsOut(ResponseId id) throws Exception {
    super.leaseRunsOut(id);
    long end = leaseUntil(id) + ERROR;
    Await.until("nodes to know it", () -> knows(one, end) && knows(other, end));
  }

  private static boolean knows(@Nullable PostgresStore node, long time) {
    return node == null || node.cautiousMillis() > time;
  }

  private static long leaseUntil(ResponseId id) throws SQLException {
    try (Connection connection = Server.connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT lease_until FROM responses WHERE id = ?")) {
      statement.setString(1, id.value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @AfterEach
  void closeOther() {
    if (other != null) {
      other.close();
    }
  }
}
