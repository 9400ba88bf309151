package antiphon.store.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between the databases. */
public interface Dialect {

  /**
   * A shared statement in the database's own words. Shared statements hold these marks:
   *
   * <ul>
   *   <li>{@code ${now}}: the database's time in milliseconds since 1970
   *   <li>{@code ${for update}}: locks the rows {@code r} until the transaction ends
   *   <li>{@code ${skip locked}}: locks the rows {@code c}, leaving out those that others have locked
   * </ul>
   */
  String translate(String sql);

  /** Begins a transaction that is going to write. */
  void begin(Connection connection) throws SQLException;

  /** Makes it durable. */
  void commit(Connection connection) throws SQLException;

  /** Undoes it; harmless if there is none. */
  void rollback(Connection connection) throws SQLException;
}
