package antiphon.store.sqlite;

import antiphon.core.agent.AgentStore;
import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.AgentStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of open calls of agents, over SQLite. */
final class SqliteAgentsTest extends AgentStoreContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(folder.resolve("data.db"));
  }

  @Override
  protected AgentStore agents() {
    return ((SqliteStore) store()).agents();
  }
}
