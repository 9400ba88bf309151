package antiphon.store.sql;

import antiphon.core.store.Claimed;
import antiphon.core.store.RunKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Claims, in this order: responses whose node has died; then by tier, fair between tenants, by age.
 * Every eighth claim takes a waiting flex response first, so that flex is never starved.
 */
final class Claims {

  private static final int FLEX = 2;
  private static final int FLEX_SHARE = 8;

  /** So many more are looked at than are wanted: another node may be taking the first ones. */
  private static final int SPARE = 8;

  private static final String EXPIRED =
      """
      SELECT r.row_id FROM responses r
      WHERE r.lease_until IS NOT NULL AND r.background AND r.lease_until <= ${lease now by ?}
      ORDER BY r.tier_rank, r.created_at, r.row_id LIMIT ?
      """;

  /**
   * The oldest few of each tenant in a tier. Hops from tenant to tenant along the index, so that a
   * tenant with a hundred thousand waiting costs no more than one with ten.
   */
  private static final String WAITING =
      """
      WITH RECURSIVE tenants (tenant) AS (
        SELECT min(q.tenant) FROM responses q WHERE q.status = 'queued' AND q.tier_rank = ?
        UNION ALL
        SELECT (SELECT min(q.tenant) FROM responses q
                WHERE q.status = 'queued' AND q.tier_rank = ? AND q.tenant > t.tenant)
        FROM tenants t WHERE t.tenant IS NOT NULL
      ), heads (tenant, place, row_id) AS (
        SELECT t.tenant, 1, (SELECT q.row_id FROM responses q
                             WHERE q.status = 'queued' AND q.tier_rank = ? AND q.tenant = t.tenant
                             ORDER BY q.created_at, q.row_id LIMIT 1)
        FROM tenants t WHERE t.tenant IS NOT NULL
        UNION ALL
        SELECT h.tenant, h.place + 1,
               (SELECT q.row_id FROM responses q
                WHERE q.status = 'queued' AND q.tier_rank = ? AND q.tenant = h.tenant
                  AND (q.created_at, q.row_id) > (r.created_at, r.row_id)
                ORDER BY q.created_at, q.row_id LIMIT 1)
        FROM heads h CROSS JOIN responses r WHERE r.row_id = h.row_id AND h.place < ?
      ), loads AS MATERIALIZED (
        SELECT t.tenant, (SELECT count(*) FROM responses q
                          WHERE q.lease_until IS NOT NULL AND q.tenant = t.tenant) AS running
        FROM tenants t WHERE t.tenant IS NOT NULL
      )
      SELECT r.row_id, r.tenant, l.running, r.created_at
      FROM heads h CROSS JOIN responses r CROSS JOIN loads l
      WHERE r.row_id = h.row_id AND l.tenant = h.tenant
      """;

  private static final String TAKE =
      """
      UPDATE responses AS r SET status = 'in_progress', epoch = r.epoch + 1, node = ?,
        lease_until = ${now} + ?,
        deaths = r.deaths + CASE WHEN ${died} THEN 1 ELSE 0 END,
        last_death = CASE WHEN ${died} THEN r.epoch ELSE r.last_death END
      WHERE r.row_id = (
        SELECT c.row_id FROM responses c
        WHERE c.row_id = ? AND (c.status = 'queued'
          OR (c.status = 'in_progress' AND c.background AND c.lease_until <= ${lease now by ?}))
        ${skip locked})
      RETURNING row_id
      """
          // Its node has let the lease run out, and not let it go.
          .replace("${died}", "r.status = 'in_progress' AND r.node <> ''");

  /** Takes the lease, the row, the node and the epoch. */
  private static final String TAKE_UP =
      """
      UPDATE responses SET lease_until = ${now} + ?
      WHERE row_id = ? AND node = ? AND epoch = ? AND status = 'in_progress'
      RETURNING row_id
      """;

  private static final String QUEUED = "SELECT count(*) FROM responses WHERE status = 'queued'";

  private final List<FairPick> tiers = List.of(new FairPick(), new FairPick(), new FairPick());
  private long claims;

  /**
   * By node, the rows taken in transactions of which nobody knows yet whether they were committed.
   * Node and epoch tell whether a row was: nobody else takes it under this name, and no row comes
   * to an epoch twice.
   */
  private final Map<String, Map<RunKey, Long>> untold = new HashMap<>();

  /** Who claims, and for how long. */
  private record Claimant(
      Session session,
      String node,
      Duration lease,
      long now,
      Map<RunKey, Long> untold,
      List<Claimed> claimed) {

    boolean take(long rowId) throws SQLException {
      long millis = lease.toMillis();
      Optional<Long> taken = session.first(row -> row.getLong(1), TAKE, node, millis, rowId, now);
      if (taken.isEmpty()) {
        return false;
      }
      claimed.add(row(rowId));
      untold.put(run(claimed.getLast()), rowId);
      return true;
    }

    /** What an earlier call has taken without learning it. */
    void takeUp(int limit) throws SQLException {
      for (var taken : Map.copyOf(untold).entrySet()) {
        if (claimed.size() == limit) {
          return;
        }
        long rowId = taken.getValue();
        long epoch = taken.getKey().epoch();
        boolean mine =
            session
                .first(row -> row.getLong(1), TAKE_UP, lease.toMillis(), rowId, node, epoch)
                .isPresent();
        if (mine) {
          claimed.add(row(rowId));
        } else {
          untold.remove(taken.getKey());
        }
      }
    }

    private Claimed row(long rowId) throws SQLException {
      Rows.Row row = Rows.get(session, rowId);
      return new Claimed(row.response(), row.deaths());
    }
  }

  private static RunKey run(Claimed claimed) {
    return new RunKey(claimed.response().id(), claimed.response().epoch());
  }

  /** These were claimed by a transaction that was committed, and their node is going to know. */
  synchronized void told(String node, List<Claimed> claimed) {
    Map<RunKey, Long> of = untold.getOrDefault(node, Map.of());
    for (Claimed one : claimed) {
      of.remove(run(one));
    }
    if (of.isEmpty()) {
      untold.remove(node);
    }
  }

  static int queued(Session session) throws SQLException {
    return session.first(row -> row.getInt(1), QUEUED).orElse(0);
  }

  /**
   * Claims; {@link #told} is to be called when that has been committed.
   *
   * @param now the time as this node knows it, in milliseconds since 1970
   */
  synchronized List<Claimed> claim(
      Session session, String node, int limit, Duration lease, long now) throws SQLException {
    Map<RunKey, Long> before = untold.computeIfAbsent(node, _ -> new HashMap<>());
    var claimant = new Claimant(session, node, lease, now, before, new ArrayList<>());
    claimant.takeUp(limit);
    for (long rowId : session.list(row -> row.getLong(1), EXPIRED, now, limit + SPARE)) {
      if (claimant.claimed().size() < limit) {
        claimant.take(rowId);
      }
    }
    int free = limit - claimant.claimed().size();
    int flexFirst = (int) ((claims + free) / FLEX_SHARE - claims / FLEX_SHARE);
    free -= takeTier(claimant, FLEX, flexFirst);
    for (int tier = 0; tier < tiers.size(); tier++) {
      free -= takeTier(claimant, tier, free);
    }
    return claimant.claimed();
  }

  private int takeTier(Claimant claimant, int tier, int limit) throws SQLException {
    if (limit <= 0) {
      return 0;
    }
    List<FairPick.Candidate> waiting =
        claimant
            .session()
            .list(
                row ->
                    new FairPick.Candidate(
                        row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4)),
                WAITING,
                tier,
                tier,
                tier,
                tier,
                limit + SPARE);
    int taken = 0;
    for (FairPick.Candidate next : tiers.get(tier).order(waiting, limit + SPARE)) {
      if (taken < limit && claimant.take(next.rowId())) {
        tiers.get(tier).served(next);
        claims++;
        taken++;
      }
    }
    return taken;
  }
}
