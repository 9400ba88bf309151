package antiphon.store.sql.jdbc;

import java.sql.SQLException;

/** Where sessions come from. */
public interface Sessions extends AutoCloseable {

  /** A session for one piece of work; may wait while the database cannot be reached. */
  Session take() throws SQLException;

  /**
   * Gives a session back.
   *
   * @param sound false if something went wrong with it, so that nobody should work with it again
   */
  void give(Session session, boolean sound);

  @Override
  void close();
}
