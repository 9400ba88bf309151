package antiphon.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a bar says how much longer it takes. */
class LazyBarTest {

  private static final long MB = 1_000_000;

  @Test
  void whatHasComeTellsHowLongTheRestTakes() {
    assertThat(LazyBar.left(10 * MB, 90 * MB, Duration.ofSeconds(5)))
        .contains(Duration.ofSeconds(45));
    assertThat(LazyBar.left(10 * MB, 0, Duration.ofSeconds(5))).contains(Duration.ZERO);
  }

  @Test
  void atTheBeginningNothingIsSaid() {
    assertThat(LazyBar.left(40, 100 * MB, Duration.ofSeconds(5))).isEmpty();
    assertThat(LazyBar.left(10 * MB, 100 * MB, Duration.ofMillis(200))).isEmpty();
    assertThat(LazyBar.left(0, 100 * MB, Duration.ofHours(1))).isEmpty();
  }

  @Test
  void whatNobodyWaitsForIsNotSaidEither() {
    assertThat(LazyBar.left(2 * MB, 900_000 * MB, Duration.ofSeconds(5))).isEmpty();
  }

  @Test
  void withoutATotalThereIsNoRest() {
    assertThat(LazyBar.left(2 * MB, -1 - 2 * MB, Duration.ofSeconds(5))).isEmpty();
  }
}
