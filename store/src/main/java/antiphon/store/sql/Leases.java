package antiphon.store.sql;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Recalled;
import antiphon.core.store.RunKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leases: who runs what until when, by the database's time. */
final class Leases {

  private static final String EXTEND =
      """
      UPDATE responses AS r SET lease_until = ${now} + ?
      WHERE ${this} AND r.status = 'in_progress' AND r.epoch = ? AND r.node = ?
      RETURNING cancel_requested
      """
          .replace("${this}", Rows.IS_THIS);

  private static final String ORPHANS =
      """
      SELECT r.tenant, r.end_user, r.id FROM responses r
      WHERE r.status = 'in_progress' AND NOT r.background AND r.lease_until <= ${now}
      ORDER BY r.lease_until LIMIT ?
      """;

  private static final String VOID_ALL =
      "UPDATE responses SET lease_until = 0 WHERE status = 'in_progress'";

  private Leases() {}

  static List<Recalled> extend(Session session, String node, List<RunKey> running, Duration lease)
      throws SQLException {
    List<Recalled> recalled = new ArrayList<>();
    for (RunKey run : running) {
      ResponseId id = run.id();
      Optional<Boolean> cancel =
          session.first(
              row -> row.getBoolean(1),
              EXTEND,
              lease.toMillis(),
              Rows.key(id),
              run.epoch(),
              node);
      if (cancel.isEmpty()) {
        recalled.add(new Recalled.Lost(run));
      } else if (cancel.get()) {
        recalled.add(new Recalled.CancelRequested(run));
      }
    }
    return recalled;
  }

  static List<ResponseId> orphans(Session session, int limit) throws SQLException {
    return session.list(
        row -> new ResponseId(Rows.owner(row.getString(1), row.getString(2)), row.getString(3)),
        ORPHANS,
        limit);
  }

  /** Ends every lease, where it is known that no node is alive. */
  static int voidAll(Session session) throws SQLException {
    return session.update(VOID_ALL);
  }
}
