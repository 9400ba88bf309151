package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The hot path as statements that change several tables on one journey, for a database behind a
 * network.
 */
public final class AtOnce implements HotPath {

  private static final String INSERT =
      """
      WITH r AS (
        INSERT INTO responses ${row}
        ON CONFLICT (tenant, end_user, id) DO NOTHING
        RETURNING row_id
      ), b AS (
        INSERT INTO bodies (row_id, request, input, metadata) SELECT r.row_id, ?, ?, ? FROM r
      )
      """
          .replace("${row}", InsertColumns.ROW);

  private static final String INSERT_SILENT = INSERT + "SELECT r.row_id FROM r";

  private static final String INSERT_WITH_EVENTS =
      INSERT
          + """
          , e AS (
            INSERT INTO events (row_id, first_sequence, count, events)
            SELECT r.row_id, 0, ?, ? FROM r
          )
          SELECT r.row_id FROM r
          """;

  private static final String EVENTS =
      """
      , e AS (
        INSERT INTO events (row_id, first_sequence, count, events) SELECT r.row_id, ?, ?, ? FROM r
      )
      """;

  private static final String ROW_ID = "SELECT r.row_id FROM r";

  private static final String ENDED = "SELECT r.row_id, r.conversation FROM r";

  private static final String INSERT_UNWRITTEN =
      """
      WITH r AS (
        INSERT INTO responses ${row}
        ON CONFLICT (tenant, end_user, id) DO NOTHING
        RETURNING row_id
      ), b AS (
        INSERT INTO bodies (row_id, request, input, metadata, snapshot)
        SELECT r.row_id, ?, ?, ?, ? FROM r
      )
      """
          .replace("${row}", InsertColumns.ENDED_ROW);

  private static final String APPEND =
      """
      WITH r AS (
        UPDATE responses AS r SET ${advance} WHERE ${guard} RETURNING r.row_id
      )
      INSERT INTO events (row_id, first_sequence, count, events) SELECT r.row_id, ?, ?, ? FROM r
      """
          .replace("${advance}", AppendColumns.ADVANCE)
          .replace("${guard}", APPENDABLE);

  private static final String END_UNWRITTEN =
      """
      WITH r AS (
        UPDATE responses AS r SET ${end} WHERE ${guard} RETURNING r.row_id, r.conversation
      ), b AS (
        UPDATE bodies AS b SET snapshot = ? FROM r WHERE b.row_id = r.row_id
      )
      """
          .replace("${end}", EndColumns.END)
          .replace("${guard}", ENDABLE);

  private final WordIndex words;

  /** For the few that have entries for the inner log too. */
  private final HotPath withEntries;

  /**
   * @param words how conversations are found
   */
  public AtOnce(WordIndex words) {
    this.words = words;
    this.withEntries = new Stepwise(words);
  }

  @Override
  public boolean insert(Session session, NewResponse response) throws SQLException {
    List<Object> body =
        List.of(Packed.of(response.request()), Packed.of(response.input()), response.metadata());
    List<byte[]> events = response.events();
    Optional<Long> rowId =
        events.isEmpty()
            ? session.first(
                row -> row.getLong(1), INSERT_SILENT, InsertColumns.values(response), body)
            : session.first(
                row -> row.getLong(1),
                INSERT_WITH_EVENTS,
                InsertColumns.values(response),
                body,
                events.size(),
                Chunk.join(events));
    return rowId.isPresent();
  }

  @Override
  public boolean insertEnded(Session session, NewResponse response, Ending ending)
      throws SQLException {
    if (!ending.entries().isEmpty()) {
      return withEntries.insertEnded(session, response, ending);
    }
    return session
        .first(
            row -> row.getLong(1),
            withEvents(INSERT_UNWRITTEN, ending, ROW_ID),
            InsertColumns.endedValues(response, ending),
            Packed.of(response.request()),
            Packed.of(response.input()),
            response.metadata(),
            Packed.of(ending.snapshot()),
            events(ending))
        .isPresent();
  }

  private static String withEvents(String unwritten, Ending ending, String answer) {
    return unwritten + (ending.events().isEmpty() ? "" : EVENTS) + answer;
  }

  private static List<Object> events(Ending ending) {
    List<byte[]> events = ending.events();
    return events.isEmpty()
        ? List.of()
        : List.of(ending.firstSequence(), events.size(), Chunk.join(events));
  }

  @Override
  public boolean[] append(Session session, List<Append> appends) throws SQLException {
    if (appends.stream().anyMatch(append -> !append.entries().isEmpty())) {
      return withEntries.append(session, appends);
    }
    List<List<?>> rows = new ArrayList<>();
    for (Append append : appends) {
      rows.add(
          List.of(
              AppendColumns.values(append),
              AppendColumns.guard(append),
              append.firstSequence(),
              append.events().size(),
              Chunk.join(append.events())));
    }
    int[] counts = session.updateAll(APPEND, rows);
    boolean[] done = new boolean[counts.length];
    for (int i = 0; i < counts.length; i++) {
      done[i] = counts[i] > 0;
    }
    return done;
  }

  @Override
  public boolean end(Session session, ResponseId id, Ending ending, long epoch, boolean fence)
      throws SQLException {
    if (!ending.entries().isEmpty()) {
      return withEntries.end(session, id, ending, epoch, fence);
    }
    Optional<EndedRow> ended =
        session.first(
            EndedRow::of,
            withEvents(END_UNWRITTEN, ending, ENDED),
            EndColumns.values(ending, fence),
            EndColumns.guard(id, ending, epoch),
            Packed.of(ending.snapshot()),
            events(ending));
    if (ended.isPresent()) {
      ended.get().join(session, words, ending);
    }
    return ended.isPresent();
  }

  @Override
  public boolean batches() {
    return true;
  }
}
