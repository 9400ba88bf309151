package antiphon.store.sql;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.protocol.response.Usage;
import java.sql.SQLException;
import java.util.Optional;

/** Events of a running response. */
final class Appends {

  private static final String ADVANCE =
      """
      UPDATE responses AS r SET next_sequence = r.next_sequence + ?,
        ${usage}
      WHERE ${this}
        AND r.status = 'in_progress' AND r.epoch = ? AND r.next_sequence = ?
      RETURNING row_id
      """
          .replace("${this}", Rows.IS_THIS)
          .replace("${usage}", Rows.SET_USAGE);

  private static final String RUNS =
      "SELECT r.next_sequence FROM responses r WHERE "
          + Rows.IS_THIS
          + " AND r.status = 'in_progress' AND r.epoch = ?";

  private Appends() {}

  static AppendOutcome append(Session session, Append append) throws SQLException {
    ResponseId id = append.run().id();
    Usage usage = append.usage();
    Optional<Long> rowId =
        session.first(
            row -> row.getLong(1),
            ADVANCE,
            append.events().size(),
            Rows.values(usage),
            Rows.key(id),
            append.run().epoch(),
            append.firstSequence());
    if (rowId.isEmpty()) {
      return refuse(session, append);
    }
    Inserts.insertEvents(session, rowId.get(), append.firstSequence(), append.events());
    return AppendOutcome.DONE;
  }

  /** Fenced, unless the run is still the one: then its caller has lost count, which is a fault. */
  private static AppendOutcome refuse(Session session, Append append) throws SQLException {
    ResponseId id = append.run().id();
    Optional<Long> next =
        session.first(
            row -> row.getLong(1),
            RUNS,
            Rows.key(id),
            append.run().epoch());
    if (next.isPresent()) {
      throw new IllegalArgumentException(
          "append to %s at %d, but its log goes on at %d"
              .formatted(id, append.firstSequence(), next.get()));
    }
    return AppendOutcome.FENCED;
  }
}
