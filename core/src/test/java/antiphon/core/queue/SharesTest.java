package antiphon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SharesTest {

  private final Shares shares = new Shares();

  private Rank serve(Set<Rank> waiting) {
    Rank next = shares.next(waiting::contains).orElseThrow();
    shares.served(next);
    return next;
  }

  private Map<Rank, Integer> serve(int times, Set<Rank> waiting) {
    Map<Rank, Integer> served = new EnumMap<>(Rank.class);
    for (int i = 0; i < times; i++) {
      served.merge(serve(waiting), 1, Integer::sum);
    }
    return served;
  }

  @Test
  void placesAreDividedByWeight() {
    assertThat(serve(130, EnumSet.allOf(Rank.class)))
        .isEqualTo(Map.of(Rank.FIRST, 80, Rank.MIDDLE, 40, Rank.LAST, 10));
  }

  @Test
  void whatNobodyWaitsForGoesToTheOthers() {
    assertThat(serve(90, EnumSet.of(Rank.FIRST, Rank.LAST)))
        .isEqualTo(Map.of(Rank.FIRST, 80, Rank.LAST, 10));
    assertThat(serve(7, EnumSet.of(Rank.LAST))).isEqualTo(Map.of(Rank.LAST, 7));
    assertThat(shares.next(_ -> false)).isEmpty();
  }

  @Test
  void theHigherRankGoesFirstWhereNobodyHasWaited() {
    List<Rank> order =
        Stream.of(
                EnumSet.allOf(Rank.class),
                EnumSet.of(Rank.MIDDLE, Rank.LAST),
                EnumSet.of(Rank.MIDDLE, Rank.LAST),
                EnumSet.of(Rank.LAST))
            .map(this::serve)
            .toList();
    assertThat(order).containsExactly(Rank.FIRST, Rank.MIDDLE, Rank.MIDDLE, Rank.LAST);
  }

  @Test
  void whoDidNotWaitHasSavedUpOneAtMost() {
    for (Rank busy : Rank.values()) {
      serve(13, EnumSet.allOf(Rank.class));
      serve(1000, EnumSet.of(busy));
      Map<Rank, Integer> served = serve(26, EnumSet.allOf(Rank.class));
      assertThat(served.get(Rank.FIRST)).isBetween(15, 17);
      assertThat(served.get(Rank.MIDDLE)).isBetween(7, 9);
      assertThat(served.get(Rank.LAST)).isBetween(2, 3);
    }
  }

  @Test
  void whoCouldNotGoForAWhileKeepsItsDate() {
    serve(5, EnumSet.allOf(Rank.class));
    serve(5, EnumSet.of(Rank.FIRST));
    assertThat(serve(3, EnumSet.allOf(Rank.class))).containsKey(Rank.LAST);
  }
}
