package antiphon.store.sql.queue;

import antiphon.core.queue.Rank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses whose turn it is in a rank: the tenant with the fewest running first, then the one that
 * was served longest ago. Remembers whom it served, and in each queue how far it has come around.
 */
public final class FairPick {

  /** What waits in a queue in one rank. */
  record Line(String queue, Rank rank) {}

  /**
   * A tenant that has something waiting.
   *
   * @param running how many of its responses run, wherever
   * @param hop how far it is along the line from where that was left
   */
  record Candidate(Line line, String tenant, long running, int hop) {}

  /** So many tenants and lines are remembered; one that is forgotten counts as never served. */
  private static final int REMEMBERED = 10_000;

  /** By rank, the turn in which a tenant was served last, the longest ago first. */
  private final Map<Rank, LinkedHashMap<String, Long>> served = new HashMap<>();

  /** The tenant after which a line is to be read on. */
  private final Map<Line, String> cursors = new HashMap<>();

  private long turn;

  /** The tenant after which this line is to be read; empty for its beginning. */
  String cursor(Line line) {
    return cursors.getOrDefault(line, "");
  }

  /** Whose turn it is among those of one rank that there is room for. */
  Optional<Candidate> next(Set<Candidate> candidates, Rank rank, Budget budget) {
    Map<String, Long> turns = served.computeIfAbsent(rank, _ -> new LinkedHashMap<>());
    return candidates.stream()
        .filter(c -> c.line().rank() == rank && budget.has(c.line().queue(), c.tenant()))
        .min(
            Comparator.<Candidate>comparingLong(c -> c.running() + budget.takenBy(c.tenant()))
                .thenComparingLong(c -> turns.getOrDefault(c.tenant(), 0L))
                .thenComparingInt(Candidate::hop));
  }

  /** One of this tenant's was claimed. */
  void served(Candidate claimed) {
    LinkedHashMap<String, Long> turns =
        served.computeIfAbsent(claimed.line().rank(), _ -> new LinkedHashMap<>());
    turns.putLast(claimed.tenant(), ++turn);
    if (turns.size() > REMEMBERED) {
      turns.pollFirstEntry();
    }
  }

  /** A claim is over: the next one reads on behind the last tenant that got something. */
  void moveOn(List<Candidate> claimed) {
    if (cursors.size() > REMEMBERED) {
      cursors.clear();
    }
    Set<Line> seen = new HashSet<>();
    List<Candidate> farthestFirst = new ArrayList<>(claimed);
    farthestFirst.sort(Comparator.comparingInt(Candidate::hop).reversed());
    for (Candidate one : farthestFirst) {
      if (seen.add(one.line())) {
        cursors.put(one.line(), one.tenant());
      }
    }
  }
}
