package antiphon.store.sql.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What differs between the databases. */
public interface Dialect {

  /**
   * A shared statement in the database's own words. Shared statements hold these marks:
   *
   * <ul>
   *   <li>{@code ${now}}: the database's time in milliseconds since 1970
   *   <li>{@code ${lease now}}: the time that leases are held against
   *   <li>{@code ${lease now by ?}}: the same for whoever takes a lease away; takes the time as the
   *       caller knows it, and is no later than that
   *   <li>{@code ${each ?}}: the values of a JSON array, one a row, as {@code k.value}
   *   <li>{@code ${for update}}: locks the rows {@code r} and {@code b} until the transaction ends
   *   <li>{@code ${skip locked}}: locks the rows {@code c}, leaving out those that others have
   *       locked
   * </ul>
   */
  String translate(String sql);

  /**
   * What makes a session overwrite what it deletes, also on pages that become free, or as little as
   * usual again; not to be prepared ahead.
   *
   * @return empty where the database knows no such thing
   */
  default Optional<String> overwriting(boolean all) {
    return Optional.empty();
  }

  /** Whether writers lock rows, so that two of them can get into each other's way. */
  boolean locksRows();

  /**
   * Whether the same work, tried again, may fare better: after a lost connection, a server that
   * restarts, a serialization failure or deadlock, or waiting too long for a lock or for us.
   */
  default boolean mayPass(SQLException failure) {
    String state = failure.getSQLState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("40")
            || state.equals("55P03")
            || state.equals("25P03"));
  }

  /**
   * Whether the database itself is at fault, and not what was asked of it: it is away, its disk is
   * full or broken, or it may not write.
   */
  default boolean broken(SQLException failure) {
    String state = failure.getSQLState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("53")
            || state.startsWith("58")
            || state.equals("25006"));
  }

  /**
   * Takes a lock that one transaction of all nodes has at a time, and keeps it to its end.
   *
   * @return false if another has it
   */
  boolean tryLock(Connection connection, int lock) throws SQLException;

  /** Begins a transaction that is going to write. */
  void begin(Connection connection) throws SQLException;

  /** Makes it durable. */
  void commit(Connection connection) throws SQLException;

  /** Undoes it; harmless if there is none. */
  void rollback(Connection connection) throws SQLException;
}
