package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.testkit.store.ResponseStoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, over SQLite. */
final class SqliteStoreTest extends ResponseStoreContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(folder.resolve("data.db"));
  }

  /** As the next process does with all of them when it opens the file. */
  @Override
  protected void leaseRunsOut(ResponseId id) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data.db"));
        PreparedStatement statement =
            connection.prepareStatement("UPDATE responses SET lease_until = 0 WHERE id = ?")) {
      statement.setString(1, id.value());
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void noLeaseRunsOutWhileTheProcessLives() {
    ResponseId foreground = insert(foreground(id(USER)));
    RunKey background = running(ACCOUNT);
    // As if the clock had jumped behind what is written there.
    store()
        .heartbeat("n1", List.of(background, new RunKey(foreground, 1)), Duration.ofDays(-10_000));

    assertThat(find(foreground).leased()).isTrue();
    assertThat(store().orphans(10)).isEmpty();
    assertThat(store().claim("n1", 10, LONG)).isEmpty();
  }
}
