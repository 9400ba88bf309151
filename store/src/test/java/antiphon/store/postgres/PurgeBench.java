package antiphon.store.postgres;

import antiphon.core.run.RetentionJob;
import antiphon.core.store.Retention;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How fast old logs are removed, in batches of several sizes: started by hand, prints a line each.
 */
final class PurgeBench {

  private static final int RESPONSES = 4000;
  private static final int APPENDS = 50;

  private PurgeBench() {}

  public static void main(String[] args) throws SQLException, InterruptedException {
    try (PostgresStore store = PostgresStore.open(Server.url())) {
      for (int batch : new int[] {200, 1000, 5000, 20_000, 50_000}) {
        fill();
        Retention now = new Retention(Duration.ofMillis(1), Duration.ofMillis(1));
        long began = System.nanoTime();
        long longest = 0;
        int calls = 0;
        // A part is enough where they are small.
        while (System.nanoTime() - began < 4_000_000_000L) {
          long before = System.nanoTime();
          if (store.purge(now, batch) <= 0) {
            break;
          }
          calls++;
          longest = Math.max(longest, System.nanoTime() - before);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
            "by %d: %.0f log rows/s, %.1f ms each, %.0f ms at most%n",
            batch, (RESPONSES * APPENDS - left()) / seconds, seconds * 1000 / calls, longest / 1e6);
      }
      asTheServerDoesIt(store);
    }
  }

  private static void asTheServerDoesIt(PostgresStore store)
      throws SQLException, InterruptedException {
    fill();
    long all = left();
    try (RetentionJob job =
        new RetentionJob(store, new Retention(Duration.ofMillis(1), Duration.ofMillis(1)))) {
      job.start();
      while (left() == all) {
        Thread.sleep(20);
      }
      long before = left();
      long began = System.nanoTime();
      long now = before;
      while (now > 0 && System.nanoTime() - began < 20_000_000_000L) {
        Thread.sleep(250);
        now = left();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf("by the server: %.0f log rows/s%n", (before - now) / seconds);
    }
  }

  private static void fill() throws SQLException {
    Server.empty();
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO responses (tenant, end_user, id, status, background, epoch, node,"
              + " tier_rank, queue, model, next_sequence, created_at, completed_at)"
              + " SELECT 't', '', 'resp_' || n, 'completed', TRUE, 1, 'n', 1, 'e', 'm', 50, n, n"
              + " FROM generate_series(1, "
              + RESPONSES
              + ") AS n");
      statement.execute(
          "INSERT INTO bodies SELECT row_id, repeat('x', 400)::bytea, repeat('x', 400)::bytea,"
              + " '{}', repeat('x', 2000)::bytea FROM responses");
      statement.execute(
          "INSERT INTO events SELECT r.row_id, n, 1, repeat('x', 200)::bytea FROM responses r"
              + " CROSS JOIN generate_series(0, "
              + (APPENDS - 1)
              + ") AS n");
      statement.execute("ANALYZE");
    }
  }

  private static long left() throws SQLException {
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM events")) {
      row.next();
      return row.getLong(1);
    }
  }
}
