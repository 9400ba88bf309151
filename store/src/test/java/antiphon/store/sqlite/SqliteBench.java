package antiphon.store.sqlite;

import antiphon.store.sql.StoreBench;
import java.nio.file.Path;

/** Figures of the SQLite store in a file that is named as the argument. */
final class SqliteBench {

  private SqliteBench() {}

  public static void main(String[] args) throws InterruptedException {
    try (SqliteStore store = SqliteStore.open(Path.of(args[0]))) {
      new StoreBench(store).run();
    }
  }
}
