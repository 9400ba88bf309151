package antiphon.store.sql.jdbc;

import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sessions that are opened when they are needed and then kept, statements and all. */
public final class KeptSessions implements Sessions {

  /** Opens a session. */
  @FunctionalInterface
  public interface Opener {
    /** A new session on a connection of its own. */
    Session open() throws SQLException;
  }

  private final Opener opener;
  private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();

  public KeptSessions(Opener opener) {
    this.opener = opener;
  }

  @Override
  public Session take() throws SQLException {
    Session kept = idle.poll();
    return kept == null ? opener.open() : kept;
  }

  @Override
  public void give(Session session, boolean sound) {
    if (sound) {
      idle.add(session);
    } else {
      Closing.quietly(session);
    }
  }

  @Override
  public void close() {
    idle.forEach(Closing::quietly);
    idle.clear();
  }
}
