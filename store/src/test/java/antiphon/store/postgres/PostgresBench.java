package antiphon.store.postgres;

import antiphon.store.sql.StoreBench;

/** Figures of the PostgreSQL store, on a server of its own or the one named as the argument. */
final class PostgresBench {

  private PostgresBench() {}

  public static void main(String[] args) throws InterruptedException {
    try (PostgresStore store = PostgresStore.open(args.length > 0 ? args[0] : Server.url())) {
      new StoreBench(store).run();
    }
  }
}
