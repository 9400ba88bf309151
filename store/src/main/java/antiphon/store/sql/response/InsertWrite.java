package antiphon.store.sql.response;

import antiphon.core.store.NewResponse;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;

/** An insert as a write. */
public record InsertWrite(HotPath path, NewResponse response) implements Write<Boolean> {

  @Override
  public Boolean write(Session session) throws SQLException {
    return Inserts.insert(session, path, response);
  }
}
