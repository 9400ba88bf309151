package antiphon.store.sql;

import antiphon.core.store.NewResponse;
import java.sql.SQLException;

/** An insert as a write. */
record InsertWrite(NewResponse response) implements Write<Boolean> {

  @Override
  public Boolean write(Session session) throws SQLException {
    return Inserts.insert(session, response);
  }
}
