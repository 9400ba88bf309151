package antiphon.store.sqlite;

import antiphon.core.store.ResponseStore;
import antiphon.core.tool.Approvals;
import antiphon.testkit.store.ApprovalsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of approvals, over SQLite. */
final class SqliteApprovalsTest extends ApprovalsContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(folder.resolve("data.db"));
  }

  @Override
  protected Approvals approvals(ResponseStore store) {
    return ((SqliteStore) store).approvals();
  }
}
