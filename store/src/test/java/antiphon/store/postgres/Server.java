package antiphon.store.postgres;

import antiphon.testkit.store.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL of this test run, as durable as in earnest. */
final class Server {

  private static final EmbeddedPostgres POSTGRES = start();

  private Server() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("max_connections", "200")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String url() {
    return url("postgres");
  }

  static String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + POSTGRES.getPort() + "/" + database;
  }

  /** A network in front of it that can be cut. */
  static TcpProxy proxy() {
    try {
      return new TcpProxy(POSTGRES.getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection beside those of the store. */
  static Connection connect() throws SQLException {
    return DriverManager.getConnection(POSTGRES.getJdbcUrl("postgres", "postgres"));
  }

  /** Leaves the tables empty. */
  static void empty() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "TRUNCATE responses, bodies, events, idempotency_keys, api_keys, conversations,"
              + " conversation_items, conversation_metadata, files, blobs, blob_parts, containers,"
              + " approvals, agent_calls, memory_notes, vector_stores, vector_files,"
              + " vector_batches, vector_chunks, prompts, prompt_versions");
    }
  }
}
