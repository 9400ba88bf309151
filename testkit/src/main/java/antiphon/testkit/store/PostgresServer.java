package antiphon.testkit.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL as durable as in earnest, which can be stopped and started again. */
public final class PostgresServer implements AutoCloseable {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Path data;
  private final int port;
  private EmbeddedPostgres postgres;

  /**
   * Starts one.
   *
   * @param folder an empty folder for its data
   */
  public PostgresServer(Path folder) {
    data = folder.resolve("postgres");
    postgres = start(0);
    port = postgres.getPort();
  }

  private EmbeddedPostgres start(int at) {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "300");
      if (at != 0) {
        builder.setPort(at);
      }
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens on the loopback. */
  public int port() {
    return port;
  }

  /**
   * A database of its own for one test.
   *
   * @return its name
   */
  public String database() throws SQLException {
    String name = "test" + DATABASES.incrementAndGet();
    try (Connection connection =
            DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return name;
  }

  /**
   * The address of a database.
   *
   * @param through the port to reach it by, a proxy's perhaps
   */
  public static String url(int through, String database) {
    return "postgresql://postgres@127.0.0.1:" + through + "/" + database;
  }

  /** Stops it, as an administrator would: open transactions are rolled back. */
  public void stop() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again with its data, on the same port. */
  public void startAgain() {
    postgres = start(port);
  }

  @Override
  public void close() {
    stop();
  }
}
