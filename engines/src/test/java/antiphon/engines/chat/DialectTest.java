package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DialectTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      nullValues = "-",
      value = {
        "none none",
        "minimal low",
        "low low",
        "medium medium",
        "high high",
        "xhigh high",
        "max high",
        "whatever -"
      })
  void theNearestEffortThatIsTaken(String asked, String sent) {
    assertThat(Dialect.USUAL.effort(asked)).isEqualTo(sent);
  }

  @Test
  void whoeverAsksForNoThinkingDoesNotGetSome() {
    assertThat(Dialect.USUAL.thinking("low", "high").effort("none")).isNull();
    assertThat(Dialect.USUAL.thinking("none", "high").effort("medium")).isEqualTo("high");
    assertThat(Dialect.USUAL.thinking("none", "high").effort("minimal")).isEqualTo("high");
  }

  @Test
  void whereAnyWordIsTakenItGoesAsItIs() {
    assertThat(Dialect.USUAL.thinking().effort("whatever")).isEqualTo("whatever");
  }
}
