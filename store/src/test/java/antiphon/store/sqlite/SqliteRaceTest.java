package antiphon.store.sqlite;

import antiphon.core.store.ResponseStore;
import antiphon.store.sql.Parking;
import antiphon.store.sql.RaceContract;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** The races over SQLite, whose one writer lets the second wait for the first. */
final class SqliteRaceTest extends RaceContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open(Parking watching) {
    return SqliteStore.open(
        folder.resolve("data.db"), new SqliteOptions(2, true, watching, watching.between()));
  }

  @Override
  protected void awaitStuckOrDone(CompletableFuture<?> second) {
    // It stands in the queue behind the one that is held.
  }
}
