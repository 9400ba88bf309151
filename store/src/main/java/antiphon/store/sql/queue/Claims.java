package antiphon.store.sql.queue;

import antiphon.core.queue.Rank;
import antiphon.core.queue.Room;
import antiphon.core.queue.Shares;
import antiphon.core.store.Claim;
import antiphon.core.store.Claimed;
import antiphon.core.store.RunKey;
import antiphon.core.trace.TraceParent;
import antiphon.store.sql.jdbc.Json;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.queue.FairPick.Candidate;
import antiphon.store.sql.response.Rows;
import antiphon.store.sql.response.Turns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Claims what there is room for: first responses whose node has died; then by the tiers' shares,
 * fair between tenants, by age.
 */
public final class Claims {

  /** So many more are looked at than are wanted: another node may be taking the first ones. */
  private static final int SPARE = 8;

  /** Takes the time, the full queues and the full tenants, and how many. */
  private static final String EXPIRED =
      """
      SELECT r.row_id, r.queue, r.tenant FROM responses r
      WHERE r.lease_until IS NOT NULL AND r.background AND r.lease_until <= ${lease now by ?}
        AND r.queue NOT IN (SELECT k.value ->> 0 FROM ${each ?})
        AND r.tenant NOT IN (SELECT k.value ->> 0 FROM ${each ?})
      ORDER BY r.tier_rank, r.created_at, r.row_id LIMIT ?
      """;

  /** Takes the node, the lease, the node twice more, and what the choice of the row takes. */
  private static final String TAKE =
      """
      UPDATE responses AS r SET status = 'in_progress', epoch = r.epoch + 1, node = ?,
        lease_until = ${now} + ?, run_after = NULL,
        attempts = r.attempts + CASE WHEN ${died} THEN 1 ELSE 0 END,
        last_attempt = CASE WHEN ${died} THEN r.epoch ELSE r.last_attempt END
      WHERE r.row_id = (SELECT c.row_id FROM responses c WHERE ${which} ${skip locked})
      RETURNING row_id, queue, tenant, tier_rank, traceparent
      """
          // Its node has let the lease run out, and not let it go; and whoever claims is alive.
          .replace("${died}", "r.status = 'in_progress' AND r.node <> '' AND r.node <> ?");

  /** Takes the row and the time. */
  private static final String TAKE_EXPIRED =
      TAKE.replace(
          "${which}",
          """
          c.row_id = ? AND c.status = 'in_progress' AND c.background
            AND c.lease_until <= ${lease now by ?}\
          """);

  /** Takes the full queues and the full tenants, and how many. */
  private static final String WAITED =
      """
      SELECT r.row_id, r.queue, r.tenant FROM responses r
      WHERE r.run_after IS NOT NULL AND r.run_after <= ${now}
        AND r.queue NOT IN (SELECT k.value ->> 0 FROM ${each ?})
        AND r.tenant NOT IN (SELECT k.value ->> 0 FROM ${each ?})
      ORDER BY r.run_after LIMIT ?
      """;

  /** Takes the row. */
  private static final String TAKE_WAITED =
      TAKE.replace(
          "${which}",
          "c.row_id = ? AND c.status = 'in_progress' AND c.run_after IS NOT NULL"
              + " AND c.run_after <= ${now}");

  /** Takes the queue, the rank and the tenant. */
  private static final String TAKE_OLDEST =
      TAKE.replace(
          "${which}",
          """
          c.status = 'queued' AND c.queue = ? AND c.tier_rank = ? AND c.tenant = ?
            AND ${first}
            ORDER BY c.created_at, c.row_id LIMIT 1\
          """
              .replace("${first}", Turns.IS_FIRST));

  /** Takes the lease, the row, the node and the epoch. */
  private static final String TAKE_UP =
      """
      UPDATE responses SET lease_until = ${now} + ?
      WHERE row_id = ? AND node = ? AND epoch = ? AND status = 'in_progress'
      RETURNING row_id, queue, tenant, tier_rank, traceparent
      """;

  private static final String QUEUED = "SELECT count(*) FROM responses WHERE status = 'queued'";

  private static final String QUEUED_OF = QUEUED + " AND tenant = ?";

  private static final String ANY_QUEUED =
      "SELECT q.row_id FROM responses q WHERE q.status = 'queued' LIMIT 1";

  private final FairPick fair = new FairPick();
  private final Shares shares = new Shares();

  /**
   * By node, the rows taken by calls that failed, of which nobody knows whether they were
   * committed. Node and epoch tell whether a row was: nobody else takes it under this name, and no
   * row comes to an epoch twice.
   */
  private final Map<String, Map<RunKey, Long>> unwritten = new HashMap<>();

  /** Who claims, for how long, and what it has got so far. */
  private record Claimant(
      Session session,
      String node,
      Duration lease,
      Budget budget,
      Map<RunKey, Long> unwritten,
      List<Claimed> claimed) {

    boolean take(String how, Object... which) throws SQLException {
      Optional<Taken> taken =
          session.first(Taken::of, how, node, lease.toMillis(), node, node, Arrays.asList(which));
      if (taken.isPresent()) {
        add(taken.get());
        unwritten.put(run(claimed.getLast()), taken.get().rowId());
      }
      return taken.isPresent();
    }

    /** What an earlier call has taken without learning it. */
    void takeUp() throws SQLException {
      for (var before : Map.copyOf(unwritten).entrySet()) {
        if (budget.places() == 0) {
          return;
        }
        long epoch = before.getKey().epoch();
        Optional<Taken> mine =
            session.first(Taken::of, TAKE_UP, lease.toMillis(), before.getValue(), node, epoch);
        if (mine.isPresent()) {
          add(mine.get());
        } else {
          unwritten.remove(before.getKey());
        }
      }
    }

    private void add(Taken taken) throws SQLException {
      budget.take(taken.queue(), taken.tenant());
      Rows.Row row = Rows.get(session, taken.rowId());
      claimed.add(
          new Claimed(row.response(), row.attempts(), taken.queue(), taken.rank(), taken.trace()));
    }
  }

  /** A row that was taken, and as what it waited. */
  private record Taken(
      long rowId, String queue, String tenant, Rank rank, @Nullable TraceParent trace) {

    static Taken of(ResultSet row) throws SQLException {
      return new Taken(
          row.getLong(1),
          row.getString(2),
          row.getString(3),
          Rank.numbered(row.getInt(4)),
          Optional.ofNullable(row.getString(5)).flatMap(TraceParent::parse).orElse(null));
    }
  }

  private static RunKey run(Claimed claimed) {
    return new RunKey(claimed.response().id(), claimed.response().epoch());
  }

  /**
   * Makes a call and sees to it that what it takes is given to it alone: while its answer is on the
   * way, other calls of the same node pass over its rows. Only what a call has taken that failed is
   * taken up by the next one.
   *
   * @param call passes what it is given on to {@link #claim}, and comes back when that is committed
   */
  public Claim told(String node, Function<Map<RunKey, Long>, Claim> call) {
    Map<RunKey, Long> taken = adopt(node);
    try {
      Claim claim = call.apply(taken);
      claim.claimed().forEach(one -> taken.remove(run(one)));
      return claim;
    } finally {
      leave(node, taken);
    }
  }

  private synchronized Map<RunKey, Long> adopt(String node) {
    Map<RunKey, Long> left = unwritten.remove(node);
    return left == null ? new HashMap<>() : left;
  }

  private synchronized void leave(String node, Map<RunKey, Long> taken) {
    if (!taken.isEmpty()) {
      unwritten.computeIfAbsent(node, _ -> new HashMap<>()).putAll(taken);
    }
  }

  public static int queued(Session session) throws SQLException {
    return session.first(row -> row.getInt(1), QUEUED).orElse(0);
  }

  public static int queued(Session session, String tenant) throws SQLException {
    return session.first(row -> row.getInt(1), QUEUED_OF, tenant).orElse(0);
  }

  /**
   * Claims, within {@link #told}.
   *
   * @param taken what the call has taken so far; it may have to try several times
   * @param now the time as this node knows it, in milliseconds since 1970
   */
  public synchronized Claim claim(
      Session session, String node, Map<RunKey, Long> taken, Room room, Duration lease, long now)
      throws SQLException {
    var claimant = new Claimant(session, node, lease, new Budget(room), taken, new ArrayList<>());
    claimant.takeUp();
    takeExpired(claimant, now);
    takeWaited(claimant);
    takeWaiting(claimant);
    boolean more = session.first(row -> row.getLong(1), ANY_QUEUED).isPresent();
    return new Claim(claimant.claimed(), more);
  }

  private static void takeExpired(Claimant claimant, long now) throws SQLException {
    Budget budget = claimant.budget();
    List<Expired> expired =
        claimant
            .session()
            .list(
                row -> new Expired(row.getLong(1), row.getString(2), row.getString(3)),
                EXPIRED,
                now,
                Json.text(budget.fullQueues()),
                Json.text(budget.fullTenants()),
                budget.places() + SPARE);
    for (Expired one : expired) {
      if (budget.has(one.queue(), one.tenant())) {
        var _ = claimant.take(TAKE_EXPIRED, one.rowId(), now);
      }
    }
  }

  /** Responses that have waited in the middle of their run, and whose time has come. */
  private static void takeWaited(Claimant claimant) throws SQLException {
    Budget budget = claimant.budget();
    if (budget.places() == 0) {
      return;
    }
    List<Expired> waited =
        claimant
            .session()
            .list(
                row -> new Expired(row.getLong(1), row.getString(2), row.getString(3)),
                WAITED,
                Json.text(budget.fullQueues()),
                Json.text(budget.fullTenants()),
                budget.places() + SPARE);
    for (Expired one : waited) {
      if (budget.has(one.queue(), one.tenant())) {
        var _ = claimant.take(TAKE_WAITED, one.rowId());
      }
    }
  }

  private void takeWaiting(Claimant claimant) throws SQLException {
    Budget budget = claimant.budget();
    if (budget.places() == 0) {
      return;
    }
    Set<Candidate> candidates = Lines.candidates(claimant.session(), fair, budget);
    List<Candidate> served = new ArrayList<>();
    while (true) {
      Map<Rank, Candidate> heads = new EnumMap<>(Rank.class);
      for (Rank rank : Rank.values()) {
        fair.next(candidates, rank, budget).ifPresent(next -> heads.put(rank, next));
      }
      Candidate next = shares.next(heads::containsKey).map(heads::get).orElse(null);
      if (next == null) {
        break;
      }
      FairPick.Line line = next.line();
      if (claimant.take(TAKE_OLDEST, line.queue(), line.rank().number(), next.tenant())) {
        shares.served(line.rank());
        fair.served(next);
        served.add(next);
      } else {
        // It has no more, or others are taking them.
        candidates.remove(next);
      }
    }
    fair.moveOn(served);
  }

  /** A response whose node has died, or that has waited long enough. */
  private record Expired(long rowId, String queue, String tenant) {}
}
