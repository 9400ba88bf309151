package antiphon.knowledge.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several rankings made one, by reciprocal ranks: what is near the top of many comes first. No
 * ranking's own scores are compared with another's.
 */
public final class Ranking {

  /**
   * How little the first places matter more than those behind them. Often it is 60; with 20 as many
   * of {@code bench/retrieval}'s answers are among the first five, and more of them in front.
   */
  private static final double FLATNESS = 20;

  private final Map<Integer, Double> scores = new LinkedHashMap<>();

  /** Adds a ranking, best first. */
  public void add(List<Integer> documents) {
    for (int rank = 0; rank < documents.size(); rank++) {
      scores.merge(documents.get(rank), 1 / (FLATNESS + rank + 1), Double::sum);
    }
  }

  /** Documents by what all rankings say, best first. */
  public List<Integer> best(int limit) {
    List<Integer> best = new ArrayList<>(scores.keySet());
    best.sort(Comparator.comparingDouble((Integer document) -> scores.get(document)).reversed());
    return best.subList(0, Math.min(limit, best.size()));
  }
}
