package antiphon.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an event loop takes in of long bodies. */
class IntakeTest {

  private static final int PART = 64 * 1024;

  @Test
  void it_is_never_more_than_the_rate_and_a_moments_credit() {
    Intake intake = new Intake();
    long now = 1_000_000;
    long taken = 0;
    while (now < 1_010_000) {
      now += intake.take(PART, now);
      taken += PART;
    }
    assertThat(taken).isBetween(600_000_000L, 645_000_000L);
  }

  @Test
  void what_comes_slowly_is_not_held_up() {
    Intake intake = new Intake();
    for (long now = 0; now < 10_000; now += 2) {
      assertThat(intake.take(PART, now)).isZero();
    }
  }

  @Test
  void who_is_held_up_is_so_for_long_enough_to_be_worth_it() {
    Intake intake = new Intake();
    long millis = 0;
    for (int i = 0; i < 100 && millis == 0; i++) {
      millis = intake.take(PART, 0);
    }
    assertThat(millis).isBetween(8L, 20L);
  }
}
