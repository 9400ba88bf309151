package antiphon.store.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses among waiting responses of one tier: the tenant with the fewest running first, then the
 * one that was served longest ago, then the oldest response. Remembers whom it served.
 */
final class FairPick {

  /**
   * A waiting response.
   *
   * @param running how many responses its tenant has running
   */
  record Candidate(long rowId, String tenant, long running, long createdAt) {}

  private static final Comparator<Candidate> BY_AGE =
      Comparator.comparingLong(Candidate::createdAt).thenComparingLong(Candidate::rowId);

  /** So many tenants are remembered; one that is forgotten counts as never served. */
  private static final int REMEMBERED = 10_000;

  /** The turn in which a tenant was served last, the longest ago first. */
  private final LinkedHashMap<String, Long> served = new LinkedHashMap<>();

  private long turn;

  /** The first {@code count} of them in the order in which they are to be claimed. */
  List<Candidate> order(List<Candidate> candidates, int count) {
    Map<String, List<Candidate>> tenants = new HashMap<>();
    candidates.stream()
        .sorted(BY_AGE)
        .forEach(w -> tenants.computeIfAbsent(w.tenant(), _ -> new ArrayList<>()).add(w));
    Map<String, Long> lastServed = new HashMap<>(served);
    Map<String, Integer> taken = new HashMap<>();
    Comparator<Candidate> fair =
        Comparator.<Candidate>comparingLong(w -> w.running() + taken.getOrDefault(w.tenant(), 0))
            .thenComparingLong(w -> lastServed.getOrDefault(w.tenant(), 0L))
            .thenComparing(BY_AGE);
    List<Candidate> ordered = new ArrayList<>();
    while (ordered.size() < Math.min(count, candidates.size())) {
      Candidate next =
          tenants.values().stream()
              .filter(list -> !list.isEmpty())
              .min(Comparator.comparing(List::getFirst, fair))
              .orElseThrow()
              .removeFirst();
      taken.merge(next.tenant(), 1, Integer::sum);
      lastServed.put(next.tenant(), turn + ordered.size() + 1);
      ordered.add(next);
    }
    return ordered;
  }

  /** This one was claimed. */
  void served(Candidate claimed) {
    served.putLast(claimed.tenant(), ++turn);
    if (served.size() > REMEMBERED) {
      served.pollFirstEntry();
    }
  }
}
