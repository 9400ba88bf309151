package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;

/** The end of a run as a write. */
public record EndWrite(HotPath path, ResponseId id, Ending ending) implements Write<EndOutcome> {

  @Override
  public EndOutcome write(Session session) throws SQLException {
    return Endings.end(session, path, id, ending);
  }
}
