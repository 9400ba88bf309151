package antiphon.store.sql.response;

import antiphon.core.store.Ending;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A response that has just ended.
 *
 * @param conversation the row of the conversation that it writes to, or null
 */
public record EndedRow(long rowId, @Nullable Long conversation) {

  static EndedRow of(ResultSet row) throws SQLException {
    return new EndedRow(row.getLong(1), Columns.nullableLong(row, 2));
  }

  /** Leaves in its conversation, if it has one, what belongs there. */
  void join(Session session, WordIndex words, Ending ending) throws SQLException {
    if (conversation != null) {
      TurnEnds.join(session, words, rowId, conversation, ending);
    }
  }
}
