package antiphon.store.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings a database to the schema of this program. Steps only add, so that older nodes go on beside
 * newer ones.
 */
final class PostgresMigrations {

  private static final String LOCK =
      "SELECT pg_advisory_lock(" + PostgresDialect.LOCK_SPACE + ", 0)";

  private PostgresMigrations() {}

  /** Migrates; nodes that start together do it one after the other. */
  static void migrate(PostgresUrl url, DataSource database) throws SQLException {
    Properties properties = Pools.properties(url);
    // Another node may be at a long step: no limit here.
    properties.remove("socketTimeout");
    try (Connection connection = DriverManager.getConnection(url.jdbc(), properties);
        Statement statement = connection.createStatement()) {
      statement.execute(LOCK);
      Flyway.configure()
          .dataSource(database)
          .locations("classpath:antiphon/store/postgres")
          .table("antiphon_schema_history")
          // The database may hold other things already.
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .loggers("slf4j")
          .load()
          .migrate();
    }
  }
}
