package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.http.wire.HttpSettings;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSettingsTest {

  private static HttpSettings settings(
      String host, int port, int loops, int maxBody, Duration timeout, Duration heartbeat) {
    return new HttpSettings(
        host, port, loops, maxBody, 1 << 30, 100, timeout, timeout, timeout, heartbeat, timeout,
        Set.of());
  }

  @Test
  void defaults_are_for_this_machine_alone() {
    HttpSettings settings = HttpSettings.defaults();
    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.maxBodyBytes()).isEqualTo(16 << 20);
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofMillis(2500));
    assertThat(settings.corsOrigins()).isEmpty();
    assertThat(settings.withAddress("::1", 9).port()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1, 1, 9999, PT1S, PT1S, host",
    "h, -1, 1, 9999, PT1S, PT1S, port",
    "h, 65536, 1, 9999, PT1S, PT1S, port",
    "h, 1, 0, 9999, PT1S, PT1S, eventLoops",
    "h, 1, 1, 9, PT1S, PT1S, maxBodyBytes",
    "h, 1, 1, 9999, PT0S, PT1S, headerTimeout",
    "h, 1, 1, 9999, PT1S, PT4S, heartbeat",
  })
  void nonsense_is_refused_by_name(
      String host,
      int port,
      int loops,
      int maxBody,
      Duration timeout,
      Duration heartbeat,
      String name) {
    assertThatThrownBy(() -> settings(host, port, loops, maxBody, timeout, heartbeat))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("http." + name + " ");
  }
}
