package antiphon.http.wire;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The {@code Date} header, made anew at most once a second (RFC 9110, section 6.6.1). */
final class HttpDate {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private volatile Made made = new Made(Long.MIN_VALUE, "");

  HttpDate(InstantSource clock) {
    this.clock = clock;
  }

  String now() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    Made last = made;
    if (last.second != second) {
      last = new Made(second, FORMAT.format(Instant.ofEpochSecond(second)));
      made = last;
    }
    return last.text;
  }

  private record Made(long second, String text) {}
}
