package antiphon.store.postgres;

import org.flywaydb.core.Flyway;
import javax.sql.DataSource;

/**
 * Brings a database to the schema of this program. Nodes that start together wait for each other.
 * Steps only add, so that older nodes go on beside newer ones.
 */
final class PostgresMigrations {

  private PostgresMigrations() {}

  static void migrate(DataSource database) {
    Flyway.configure()
        .dataSource(database)
        .locations("classpath:antiphon/store/postgres")
        .table("antiphon_schema_history")
        // The database may hold other things already.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }
}
