package antiphon.core.queue;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Divides places between ranks by their weights: each rank that waits has a date, so much later
 * than its last one as its weight is small, and the earliest date is next. A rank that cannot go
 * for a while keeps its date, so it has saved up one place at most. Not safe for threads.
 */
public final class Shares {

  /** Divisible by every weight. */
  private static final long ROUND = 8;

  /** The dates of those that were seen waiting and have not been served since. */
  private final Map<Rank, Long> dates = new EnumMap<>(Rank.class);

  private long now;

  /**
   * Which rank is next.
   *
   * @param waits whether anything of this rank waits that could go now
   * @return empty if nothing does
   */
  public Optional<Rank> next(Predicate<Rank> waits) {
    Rank best = null;
    for (Rank rank : Rank.values()) {
      // Of two with one date the lower goes: it has waited for longer.
      if (waits.test(rank) && (best == null || date(rank) <= date(best))) {
        best = rank;
      }
    }
    return Optional.ofNullable(best);
  }

  /** This rank has got a place. */
  public void served(Rank rank) {
    now = Math.max(now, date(rank));
    dates.remove(rank);
  }

  private long date(Rank rank) {
    return dates.computeIfAbsent(rank, r -> now + ROUND / r.weight());
  }
}
