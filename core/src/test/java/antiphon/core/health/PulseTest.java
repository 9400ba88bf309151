package antiphon.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is known of a loop from outside. */
class PulseTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Pulse pulse = new Pulse("loop", Duration.ofSeconds(2), nanos::get);

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void oneThatWaitsForWorkMayDoSoForEver() throws Exception {
    assertThat(pulse.step(() -> pass(1))).isTrue();
    pass(1_000_000);
    assertThat(pulse.trouble()).isEmpty();
  }

  @Test
  void oneThatHangsInAStepIsInTroubleUntilItGoesOn() throws Exception {
    pulse.step(() -> {
      pass(3);
      assertThat(pulse.trouble()).hasValue("the loop hangs");
    });
    assertThat(pulse.trouble()).isEmpty();
  }

  @Test
  void anErrorIsSurvivedAndSeveralAreTrouble() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(pulse.trouble()).isEmpty();
      assertThat(
              pulse.step(() -> {
                throw new OutOfMemoryError("seeded");
              }))
          .isFalse();
    }
    assertThat(pulse.trouble()).hasValue("the loop fails: OutOfMemoryError");
    assertThat(pulse.step(() -> {})).isTrue();
    assertThat(pulse.trouble()).isEmpty();
  }

  @Test
  void itsOwnExceptionIsNotSwallowed() {
    assertThatThrownBy(() ->
            pulse.step(() -> {
              throw new IOException("mine");
            }))
        .isInstanceOf(IOException.class);
    assertThat(pulse.trouble()).isEmpty();
  }
}
