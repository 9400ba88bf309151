package antiphon.store.sql;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import java.sql.SQLException;

/** The end of a run as a write. */
record EndWrite(ResponseId id, Ending ending) implements Write<EndOutcome> {

  @Override
  public EndOutcome write(Session session) throws SQLException {
    return Endings.end(session, id, ending);
  }
}
