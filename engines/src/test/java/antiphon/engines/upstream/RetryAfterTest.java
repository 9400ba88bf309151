package antiphon.engines.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class RetryAfterTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-02T10:00:00Z"));

  @Test
  void readsSecondsAndDates() {
    assertThat(RetryAfter.of("3", CLOCK)).isEqualTo(Duration.ofSeconds(3));
    assertThat(RetryAfter.of("99999999999999999999", CLOCK)).isGreaterThan(Duration.ofDays(365));
    assertThat(RetryAfter.of("Mon, 02 Nov 2026 10:00:30 GMT", CLOCK))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(RetryAfter.of("Mon, 02 Nov 2026 09:00:00 GMT", CLOCK)).isZero();
    assertThat(RetryAfter.of("soon", CLOCK)).isNull();
    assertThat(RetryAfter.of("-1", CLOCK)).isNull();
    assertThat(RetryAfter.of(null, CLOCK)).isNull();
  }
}
