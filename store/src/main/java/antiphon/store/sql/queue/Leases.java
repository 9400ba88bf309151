package antiphon.store.sql.queue;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Recalled;
import antiphon.core.store.RunKey;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Json;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.response.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Leases: who runs what until when, by the database's time. */
public final class Leases {

  /** Takes the lease, the runs as a JSON array of arrays, and the node. */
  private static final String EXTEND =
      """
      UPDATE responses AS r SET lease_until = ${now} + ?
      FROM ${each ?}
      WHERE r.row_id = (
          SELECT i.row_id FROM responses i
          WHERE i.tenant = k.value ->> 0 AND i.end_user = k.value ->> 1 AND i.id = k.value ->> 2)
        AND r.epoch = CAST(k.value ->> 3 AS BIGINT)
        AND r.status = 'in_progress' AND r.node = ?
      RETURNING tenant, end_user, id, epoch, cancel_requested
      """;

  private static final String RELEASE =
      "UPDATE responses AS r SET lease_until = 0, node = '' WHERE "
          + Rows.IS_THIS
          + " AND r.status = 'in_progress' AND r.background AND r.lease_until IS NOT NULL"
          + " AND r.epoch = ?";

  /** Counts the attempt at once: whoever takes it over does not know why it was let go. */
  private static final String EXPIRE =
      "UPDATE responses AS r SET lease_until = 0, node = '', attempts = r.attempts + 1,"
          + " last_attempt = r.epoch WHERE "
          + Rows.IS_THIS
          + " AND r.status = 'in_progress' AND r.background AND r.lease_until IS NOT NULL"
          + " AND r.epoch = ? AND r.node <> ''";

  /** Takes the key and the epoch of a run whose node lives, though it was taken for dead. */
  private static final String ALIVE =
      "UPDATE responses AS r SET attempts = r.attempts - 1, last_attempt = NULL WHERE "
          + Rows.IS_THIS
          + " AND r.status = 'in_progress' AND r.last_attempt = ? AND r.epoch > r.last_attempt";

  private static final String HELD =
      """
      SELECT r.tenant, r.end_user, r.id, r.epoch FROM responses r
      WHERE r.lease_until IS NOT NULL AND r.node = ?
      """;

  private static final String ORPHANS =
      """
      SELECT r.tenant, r.end_user, r.id FROM responses r
      WHERE r.lease_until IS NOT NULL AND NOT r.background AND r.lease_until <= ${lease now by ?}
      ORDER BY r.lease_until LIMIT ?
      """;

  private static final String VOID_ALL =
      "UPDATE responses SET lease_until = 0 WHERE lease_until IS NOT NULL";

  private Leases() {}

  public static List<Recalled> extend(
      Session session, String node, List<RunKey> running, Duration lease) throws SQLException {
    Map<RunKey, Boolean> held = new HashMap<>();
    session.list(
        row -> held.put(run(row), row.getBoolean(5)),
        EXTEND,
        lease.toMillis(),
        json(running),
        node);
    List<Recalled> recalled = new ArrayList<>();
    for (RunKey run : running) {
      Boolean cancel = held.get(run);
      if (cancel == null) {
        recalled.add(new Recalled.Lost(run));
      } else if (cancel) {
        recalled.add(new Recalled.CancelRequested(run));
      }
    }
    return recalled;
  }

  private static RunKey run(ResultSet row) throws SQLException {
    Owner owner = Columns.owner(row.getString(1), row.getString(2));
    return new RunKey(new ResponseId(owner, row.getString(3)), row.getLong(4));
  }

  private static String json(List<RunKey> running) {
    List<List<Object>> rows = new ArrayList<>();
    for (RunKey run : running) {
      List<Object> row = new ArrayList<>(Rows.key(run.id()));
      row.add(run.epoch());
      rows.add(row);
    }
    return Json.text(rows);
  }

  /**
   * Lets a run go: a background one is claimable at once, and nobody has died. Where that was taken
   * for granted, it is taken back.
   */
  public static boolean release(Session session, RunKey run) throws SQLException {
    return letGo(session, RELEASE, run);
  }

  /** Lets a background run go that has failed here; it counts as if its node had died. */
  public static boolean expire(Session session, RunKey run) throws SQLException {
    return letGo(session, EXPIRE, run);
  }

  private static boolean letGo(Session session, String how, RunKey run) throws SQLException {
    return session.update(how, Rows.key(run.id()), run.epoch()) > 0
        || session.update(ALIVE, Rows.key(run.id()), run.epoch()) > 0;
  }

  /** What this node runs, as the database has it. */
  public static List<RunKey> held(Session session, String node) throws SQLException {
    return session.list(Leases::run, HELD, node);
  }

  public static List<ResponseId> orphans(Session session, long now, int limit) throws SQLException {
    return session.list(
        row -> new ResponseId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        ORPHANS,
        now,
        limit);
  }

  /** Ends every lease, where it is known that no node is alive. */
  public static int voidAll(Session session) throws SQLException {
    return session.update(VOID_ALL);
  }
}
