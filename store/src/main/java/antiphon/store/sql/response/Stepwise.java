package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The hot path as one small statement after the other, for a database in this process.
 *
 * @param words how conversations are found
 */
public record Stepwise(WordIndex words) implements HotPath {

  private static final String INSERT_ROW =
      "INSERT INTO responses "
          + InsertColumns.ROW
          + " ON CONFLICT (tenant, end_user, id) DO NOTHING RETURNING row_id";

  private static final String INSERT_BODY =
      "INSERT INTO bodies (row_id, request, input, metadata) VALUES (?, ?, ?, ?)";

  private static final String INSERT_ENDED_ROW =
      "INSERT INTO responses "
          + InsertColumns.ENDED_ROW
          + " ON CONFLICT (tenant, end_user, id) DO NOTHING RETURNING row_id";

  private static final String INSERT_ENDED_BODY =
      "INSERT INTO bodies (row_id, request, input, metadata, snapshot) VALUES (?, ?, ?, ?, ?)";

  private static final String ADVANCE =
      "UPDATE responses AS r SET "
          + AppendColumns.ADVANCE
          + " WHERE "
          + APPENDABLE
          + " RETURNING row_id";

  private static final String END =
      "UPDATE responses AS r SET "
          + EndColumns.END
          + " WHERE "
          + ENDABLE
          + " RETURNING row_id, conversation";

  private static final String KEEP_SNAPSHOT = "UPDATE bodies SET snapshot = ? WHERE row_id = ?";

  @Override
  public boolean insert(Session session, NewResponse response) throws SQLException {
    Optional<Long> rowId =
        session.first(row -> row.getLong(1), INSERT_ROW, InsertColumns.values(response));
    if (rowId.isEmpty()) {
      return false;
    }
    session.update(
        INSERT_BODY,
        rowId.get(),
        Packed.of(response.request()),
        Packed.of(response.input()),
        response.metadata());
    Logs.insert(session, rowId.get(), 0, response.events());
    return true;
  }

  @Override
  public boolean insertEnded(Session session, NewResponse response, Ending ending)
      throws SQLException {
    Optional<Long> rowId =
        session.first(
            row -> row.getLong(1), INSERT_ENDED_ROW, InsertColumns.endedValues(response, ending));
    if (rowId.isEmpty()) {
      return false;
    }
    session.update(
        INSERT_ENDED_BODY,
        rowId.get(),
        Packed.of(response.request()),
        Packed.of(response.input()),
        response.metadata(),
        Packed.of(ending.snapshot()));
    Logs.insert(session, rowId.get(), ending.firstSequence(), ending.events());
    InnerLogs.insert(session, rowId.get(), ending.entries());
    return true;
  }

  @Override
  public boolean[] append(Session session, List<Append> appends) throws SQLException {
    boolean[] done = new boolean[appends.size()];
    for (int i = 0; i < done.length; i++) {
      Append append = appends.get(i);
      Optional<Long> rowId =
          session.first(
              row -> row.getLong(1),
              ADVANCE,
              AppendColumns.values(append),
              AppendColumns.guard(append));
      done[i] = rowId.isPresent();
      if (done[i]) {
        Logs.insert(session, rowId.get(), append.firstSequence(), append.events());
        InnerLogs.insert(session, rowId.get(), append.entries());
      }
    }
    return done;
  }

  @Override
  public boolean end(Session session, ResponseId id, Ending ending, long epoch, boolean fence)
      throws SQLException {
    Optional<EndedRow> ended =
        session.first(
            EndedRow::of,
            END,
            EndColumns.values(ending, fence),
            EndColumns.guard(id, ending, epoch));
    if (ended.isEmpty()) {
      return false;
    }
    long rowId = ended.get().rowId();
    Logs.insert(session, rowId, ending.firstSequence(), ending.events());
    InnerLogs.insert(session, rowId, ending.entries());
    session.update(KEEP_SNAPSHOT, Packed.of(ending.snapshot()), rowId);
    ended.get().join(session, words, ending);
    return true;
  }

  @Override
  public boolean batches() {
    return false;
  }
}
