package antiphon.store.sql.commit;

import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;

/**
 * Something to be written, inside a transaction that it may share with others. It may be executed
 * again, after its transaction was rolled back or after nobody knows whether it was: then it must
 * recognise what it has written.
 *
 * @param <T> what became of it
 */
@FunctionalInterface
public interface Write<T> {

  /** Writes. */
  T write(Session session) throws SQLException;
}
