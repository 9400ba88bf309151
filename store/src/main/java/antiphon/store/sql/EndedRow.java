package antiphon.store.sql;

import antiphon.core.store.Ending;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A response that has just ended.
 *
 * @param conversation the row of the conversation that it writes to, or null
 */
record EndedRow(long rowId, @Nullable Long conversation) {

  static EndedRow of(ResultSet row) throws SQLException {
    return new EndedRow(row.getLong(1), Rows.nullableLong(row, 2));
  }

  /** Leaves in its conversation, if it has one, what belongs there. */
  void join(Session session, Ending ending) throws SQLException {
    if (conversation != null) {
      Turns.join(session, rowId, conversation, ending);
    }
  }
}
