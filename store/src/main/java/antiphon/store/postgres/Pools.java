package antiphon.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Properties;

/** Makes connection pools and says how connections behave. */
final class Pools {

  /** Longer than any statement takes that is not stuck, in seconds. */
  private static final String SOCKET_SECONDS = "12";

  /**
   * A node that is paused or cut off in the middle of a transaction must not keep others from its
   * rows: the server ends such a transaction. And nobody waits for a lock for ever.
   *
   * <p>Every statement has its index. Without the last setting a plan made while the tables were
   * empty reads them whole, and is kept while they grow.
   */
  private static final String SESSION_SETTINGS =
      """
      SET idle_in_transaction_session_timeout = '5s';
      SET lock_timeout = '8s';
      SET statement_timeout = '10s';
      SET enable_seqscan = off
      """;

  private Pools() {}

  static HikariDataSource open(PostgresUrl url, Duration patience, String name, int size) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(url.jdbc());
    config.setDataSourceProperties(properties(url));
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(patience.toMillis());
    config.setConnectionInitSql(SESSION_SETTINGS);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    // The caller decides how long to wait for the first one.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** The driver's properties of any connection; what the address says goes before ours. */
  static Properties properties(PostgresUrl url) {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "antiphon");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", SOCKET_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    url.parameters().forEach(properties::setProperty);
    return properties;
  }
}
