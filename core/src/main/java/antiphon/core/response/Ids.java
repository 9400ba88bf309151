package antiphon.core.response;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Makes ids: a prefix, {@code _}, nine characters of time and twenty of chance, all lower-case
 * alphanumerics. Ids sort by the millisecond they were made in; 20 base-36 characters carry 103 bits,
 * so none can be guessed.
 */
public final class Ids {

  private static final char[] ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz".toCharArray();
  private static final int TIME_CHARS = 9;
  private static final int RANDOM_CHARS = 20;

  /** One generator a thread would cost each virtual thread a seeding; a pool of bytes is enough. */
  private final SecureRandom random = new SecureRandom();

  private final InstantSource clock;

  public Ids(InstantSource clock) {
    this.clock = clock;
  }

  /** A new response id, {@code resp_…}. */
  public String response() {
    return next("resp");
  }

  /**
   * A new id with this prefix.
   *
   * @param prefix the kind, without the underscore: {@code msg}, {@code fc}, {@code rs} …
   */
  public String next(String prefix) {
    char[] out = new char[TIME_CHARS + RANDOM_CHARS];
    long time = clock.millis();
    for (int i = TIME_CHARS - 1; i >= 0; i--) {
      out[i] = ALPHABET[(int) Math.floorMod(time, 36L)];
      time = Math.floorDiv(time, 36L);
    }
    byte[] chance = new byte[RANDOM_CHARS * 2];
    random.nextBytes(chance);
    for (int i = 0; i < RANDOM_CHARS; i++) {
      int sixteenBits = (chance[2 * i] & 0xff) << 8 | chance[2 * i + 1] & 0xff;
      out[TIME_CHARS + i] = ALPHABET[sixteenBits % 36];
    }
    return prefix + "_" + new String(out);
  }
}
