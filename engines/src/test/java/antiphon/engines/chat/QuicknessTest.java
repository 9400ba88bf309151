package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuicknessTest {

  private final Quickness quickness = new Quickness();

  private void took(String model, int times, long millis) {
    for (int i = 0; i < times; i++) {
      quickness.took(model, Duration.ofMillis(millis).toNanos());
    }
  }

  @Test
  void aModelHasToProveIt() {
    took("m", 15, 1);
    assertThat(quickness.quick("m")).isFalse();
    took("m", 1, 1);
    assertThat(quickness.quick("m")).isTrue();
    assertThat(quickness.quick("another")).isFalse();
  }

  @Test
  void aSlowAnswerIsNoticedAtOnceAndForgottenLater() {
    took("m", 100, 10);
    took("m", 1, 5000);
    assertThat(quickness.quick("m")).isFalse();
    took("m", 3, 10);
    assertThat(quickness.quick("m")).isFalse();
    took("m", 30, 10);
    assertThat(quickness.quick("m")).isTrue();
  }

  @Test
  void aSlowModelIsNeverQuick() {
    took("m", 100, 300);
    assertThat(quickness.quick("m")).isFalse();
  }

  @Test
  void namesWithoutEndDoNotFillTheMemory() {
    took("m", 20, 1);
    for (int i = 0; i < 5000; i++) {
      took("model-" + i, 1, 1);
    }
    took("m", 20, 1);
    assertThat(quickness.quick("m")).isTrue();
  }
}
