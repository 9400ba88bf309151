package antiphon.tools.sleep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SleepTimeTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"duration_seconds\":60}|2030-01-01T00:01:00Z",
        "{\"duration_seconds\":0.5}|2030-01-01T00:00:00.500Z",
        "{\"duration_seconds\":2592000}|2030-01-31T00:00:00Z",
        "{\"wake_at\":\"2030-01-01T02:00:00+01:00\"}|2030-01-01T01:00:00Z",
        "{\"duration_seconds\":1,\"wake_at\":\"nonsense\"}|2030-01-01T00:00:01Z"
      })
  void knowsWhenToWake(String arguments, Instant until) {
    assertThat(SleepTime.of(arguments, NOW)).isEqualTo(new SleepTime.Until(until));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"duration_seconds\":0}",
        "{\"duration_seconds\":-5}",
        "{\"duration_seconds\":1e300}",
        "{\"duration_seconds\":2592001}",
        "{\"duration_seconds\":\"60\"}",
        "{\"wake_at\":\"tomorrow\"}",
        "{\"wake_at\":\"2029-12-31T00:00:00Z\"}",
        "{\"wake_at\":\"2031-01-01T00:00:00Z\"}",
        "{\"wake_at\":17}"
      })
  void knowsWhatIsNoTime(String arguments) {
    assertThat(SleepTime.of(arguments, NOW)).isInstanceOf(SleepTime.Wrong.class);
  }

  @Test
  void showsWhatItKnows() {
    assertThat(SleepTime.shown("{\"duration_seconds\":1.2,\"reason\":\"tea\",\"x\":1}").toString())
        .isEqualTo("{\"duration_seconds\":2,\"reason\":\"tea\"}");
    assertThat(SleepTime.shown("[1]").toString()).isEqualTo("{}");
  }
}
