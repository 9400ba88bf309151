package antiphon.store.sql.queue;

import antiphon.core.queue.Rank;
import antiphon.store.sql.jdbc.Json;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.queue.FairPick.Candidate;
import antiphon.store.sql.queue.FairPick.Line;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads who waits: hops along the index from queue to queue, and in a line from tenant to tenant,
 * so far as a claim needs it. So neither the number of tenants nor that of responses matters.
 */
public final class Lines {

  /** So many more tenants are looked at than are wanted: others may be taking what they have. */
  private static final int SPARE = 8;

  /** So many full tenants more at most: no node runs more than this of tenants that are full. */
  private static final int MOST_FULL = 512;

  private static final String QUEUES =
      """
      WITH RECURSIVE queues (queue) AS (
        SELECT min(q.queue) FROM responses q WHERE q.status = 'queued'
        UNION ALL
        SELECT (SELECT min(q.queue) FROM responses q
                WHERE q.status = 'queued' AND q.queue > l.queue)
        FROM queues l WHERE l.queue IS NOT NULL
      )
      SELECT l.queue FROM queues l WHERE l.queue IS NOT NULL
      """;

  /** Takes the lines with the tenant to begin behind, as a JSON array of arrays, and how many. */
  private static final String TENANTS =
      """
      WITH RECURSIVE hops (queue, rank, tenant, hop) AS (
        SELECT k.value ->> 0, CAST(k.value ->> 1 AS INTEGER),
               (SELECT min(q.tenant) FROM responses q
                WHERE q.status = 'queued' AND q.queue = k.value ->> 0
                  AND q.tier_rank = CAST(k.value ->> 1 AS INTEGER)
                  AND q.tenant > k.value ->> 2),
               1
        FROM ${each ?}
        UNION ALL
        SELECT h.queue, h.rank,
               (SELECT min(q.tenant) FROM responses q
                WHERE q.status = 'queued' AND q.queue = h.queue AND q.tier_rank = h.rank
                  AND q.tenant > h.tenant),
               h.hop + 1
        FROM hops h WHERE h.tenant IS NOT NULL AND h.hop < ?
      )
      SELECT h.queue, h.rank, h.tenant, h.hop,
             (SELECT count(*) FROM responses q
              WHERE q.lease_until IS NOT NULL AND q.tenant = h.tenant)
      FROM hops h WHERE h.tenant IS NOT NULL
      """;

  private Lines() {}

  /** Who has something waiting that there may be room for. */
  static Set<Candidate> candidates(Session session, FairPick fair, Budget budget)
      throws SQLException {
    List<Line> lines = new ArrayList<>();
    for (String queue : session.list(row -> row.getString(1), QUEUES)) {
      if (budget.hasQueue(queue)) {
        for (Rank rank : Rank.values()) {
          lines.add(new Line(queue, rank));
        }
      }
    }
    int hops = budget.places() + SPARE + Math.min(MOST_FULL, budget.fullTenants().size());
    List<Candidate> found = read(session, lines, fair::cursor, 0, hops);
    // And around, to those before the cursor.
    lines.removeIf(line -> fair.cursor(line).isEmpty());
    found.addAll(read(session, lines, _ -> "", hops, hops));
    return once(found);
  }

  private static List<Candidate> read(
      Session session, List<Line> lines, Function<Line, String> behind, int from, int hops)
      throws SQLException {
    if (lines.isEmpty()) {
      return new ArrayList<>();
    }
    List<List<Object>> seeds = new ArrayList<>();
    for (Line line : lines) {
      seeds.add(List.of(line.queue(), line.rank().number(), behind.apply(line)));
    }
    return session.list(
        row ->
            new Candidate(
                new Line(row.getString(1), Rank.numbered(row.getInt(2))),
                row.getString(3),
                row.getLong(5),
                from + row.getInt(4)),
        TENANTS,
        Json.text(seeds),
        hops);
  }

  /** Whoever was met again on the way around counts where it was met first. */
  private static Set<Candidate> once(List<Candidate> found) {
    Map<List<Object>, Candidate> known = new LinkedHashMap<>();
    found.forEach(one -> known.putIfAbsent(List.of(one.line(), one.tenant()), one));
    return new LinkedHashSet<>(known.values());
  }
}
