package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * The writes that every response goes through, in as few statements as the database allows. The
 * guards are the same everywhere.
 */
public interface HotPath {

  /** Guards an append; takes the key, epoch and the first sequence number. */
  String APPENDABLE =
      Rows.IS_THIS + "\n  AND r.status = 'in_progress' AND r.epoch = ? AND r.next_sequence = ?";

  /** Guards an end; takes the key, epoch, the first sequence number and the metadata's version. */
  String ENDABLE =
      Rows.IS_THIS
          + """

          AND r.status IN ('queued', 'in_progress')
          AND r.epoch = ? AND r.next_sequence = ? AND r.metadata_version = ?\
          """;

  /** Writes a response, its body and its first events; false if the id is taken. */
  boolean insert(Session session, NewResponse response) throws SQLException;

  /**
   * Writes a foreground response, its body and its events as they are after its end; false if the
   * id is taken.
   *
   * @param response without events of its own
   */
  boolean insertEnded(Session session, NewResponse response, Ending ending) throws SQLException;

  /** Writes events where the guard allows; whether it did, for each. */
  boolean[] append(Session session, List<Append> appends) throws SQLException;

  /**
   * Ends a response where the guard allows.
   *
   * @param epoch under which it must run
   * @param fence whether to raise the epoch
   * @return false if the guard forbade it
   */
  boolean end(Session session, ResponseId id, Ending ending, long epoch, boolean fence)
      throws SQLException;

  /** Whether appends that follow each other should travel together. */
  boolean batches();
}
