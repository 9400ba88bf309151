package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.RunKey;
import antiphon.core.store.WakeOutcome;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Responses that wait: in progress, but nobody runs them and nobody has a lease. Their runs are
 * fenced off by the next epoch.
 */
public final class ParkedRows {

  private static final String PARK =
      "UPDATE responses AS r SET run_after = ?, lease_until = NULL, node = '', epoch = r.epoch + 1"
          + " WHERE "
          + Rows.IS_THIS
          + " AND r.status = 'in_progress' AND r.background AND r.lease_until IS NOT NULL"
          + " AND r.epoch = ?";

  /** Takes the key; a waiting response has its time, one that is woken has 0. */
  private static final String FIND =
      "SELECT r.row_id, r.run_after FROM responses r, bodies b WHERE b.row_id = r.row_id AND "
          + Rows.IS_THIS
          + " ${for update}";

  private static final String WAKE = "UPDATE responses SET run_after = 0 WHERE row_id = ?";

  private ParkedRows() {}

  public static boolean park(Session session, RunKey run, long until) throws SQLException {
    // 0 is for what was woken.
    return session.update(PARK, Math.max(1, until), Rows.key(run.id()), run.epoch()) > 0;
  }

  private record Parked(long rowId, long until) {}

  /** Wakes a response; knows itself again where the answer of a commit was lost. */
  public static final class Wake implements Write<WakeOutcome> {

    private final ResponseId id;
    private final byte[] entry;
    private boolean written;

    public Wake(ResponseId id, byte[] entry) {
      this.id = id;
      this.entry = entry;
    }

    @Override
    public WakeOutcome write(Session session) throws SQLException {
      Optional<Parked> found =
          session.first(row -> new Parked(row.getLong(1), row.getLong(2)), FIND, Rows.key(id));
      if (found.isEmpty()) {
        return WakeOutcome.GONE;
      }
      // A null is read as 0 too.
      if (found.get().until() == 0) {
        return written ? WakeOutcome.WOKEN : WakeOutcome.NOT_WAITING;
      }
      InnerLogs.add(session, found.get().rowId(), entry);
      session.update(WAKE, found.get().rowId());
      written = true;
      return WakeOutcome.WOKEN;
    }
  }
}
