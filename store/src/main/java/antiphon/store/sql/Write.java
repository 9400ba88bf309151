package antiphon.store.sql;

import java.sql.SQLException;

/**
 * Something to be written, inside a transaction that it may share with others.
 *
 * @param <T> what became of it
 */
@FunctionalInterface
interface Write<T> {

  /** Writes; called again from the start when the transaction had to be rolled back. */
  T write(Session session) throws SQLException;
}
