package antiphon.store.sqlite;

import antiphon.core.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings a data file to the schema of this program, step by step; the file counts its steps in
 * {@code user_version}. Steps only add, so that an older program still works on a newer file.
 */
final class SqliteMigrations {

  /** The steps, the first being number 1. Add at the end; never change one that was released. */
  private static final List<String> STEPS =
      List.of(
          "V1__responses.sql",
          "V2__conversations.sql",
          "V3__files.sql",
          "V4__containers.sql",
          "V5__approvals.sql",
          "V6__vector_stores.sql",
          "V7__key_rights.sql",
          "V8__memory.sql",
          "V9__agents.sql",
          "V10__prompts.sql",
          "V11__vector_permissions.sql",
          "V12__attempts.sql",
          "V13__traceparent.sql");

  private SqliteMigrations() {}

  static void migrate(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (version(statement) >= STEPS.size()) {
        return;
      }
      statement.execute("BEGIN IMMEDIATE");
      try {
        // Asked again under the lock: another process may have been faster.
        for (int version = version(statement); version < STEPS.size(); version++) {
          statement.executeUpdate(text(STEPS.get(version)));
          statement.executeUpdate("PRAGMA user_version = " + (version + 1));
        }
        statement.execute("COMMIT");
      } catch (SQLException | RuntimeException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  private static String text(String step) {
    try (InputStream in = SqliteMigrations.class.getResourceAsStream(step)) {
      if (in == null) {
        throw new StoreException("the migration " + step + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
