package antiphon.http.wire;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the {@code x-request-id} of every answer: a part drawn once a process, and a count. They
 * are for finding a line in a log, so they need to be unique, not secret.
 */
final class RequestIds {

  private final String prefix =
      "req_" + Long.toString(new SecureRandom().nextLong() >>> 1, 36) + "x";
  private final AtomicLong count = new AtomicLong();

  String next() {
    return prefix + Long.toString(count.incrementAndGet(), 36);
  }
}
