package antiphon.core.response;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes ids: a prefix, {@code _}, nine characters of time and twenty of chance, all lower-case
 * alphanumerics. Ids sort by the millisecond they were made in; 20 base-36 characters carry 103
 * bits, so none can be guessed.
 *
 * <p>An item's id is that of its response with its own prefix and its place behind: so an {@code
 * item_reference} is found without an index of items.
 */
public final class Ids {

  private static final char[] ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz".toCharArray();
  private static final int TIME_CHARS = 9;
  private static final int RANDOM_CHARS = 20;
  private static final int TAIL_CHARS = TIME_CHARS + RANDOM_CHARS;
  private static final int PLACE_CHARS = 3;
  private static final int ID_BYTES = 2 * RANDOM_CHARS;

  /** For so many ids chance is fetched at once: each fetch waits for a lock and the kernel. */
  private static final int AT_ONCE = 64;

  /** One generator a thread would cost each virtual thread a seeding; a pool of bytes is enough. */
  private final SecureRandom random = new SecureRandom();

  private final Lock lock = new ReentrantLock();
  private final byte[] pool = new byte[AT_ONCE * ID_BYTES];
  private int used = pool.length;

  private final InstantSource clock;

  public Ids(InstantSource clock) {
    this.clock = clock;
  }

  /** A new response id, {@code resp_…}. */
  public String response() {
    return next("resp");
  }

  /**
   * The id of an output item.
   *
   * @param prefix the item's kind: {@code msg}, {@code fc}, {@code rs} …
   * @param response the id of its response
   * @param outputIndex its place in the output, 0 to 46655
   */
  public static String outputItem(String prefix, String response, int outputIndex) {
    return item(prefix, response, 'o', outputIndex);
  }

  /** The id of an input item that came without one; {@code index} is its place in the input. */
  public static String inputItem(String prefix, String response, int index) {
    return item(prefix, response, 'i', index);
  }

  /**
   * The response that an item belongs to, judging by the item's id.
   *
   * @return empty if the id is not one that this server gives to items
   */
  public static Optional<String> responseOf(String itemId) {
    int tail = itemId.indexOf('_') + 1;
    boolean ours =
        tail > 0
            && itemId.length() == tail + TAIL_CHARS + 1 + PLACE_CHARS
            && itemId.chars().skip(tail).allMatch(Ids::isOurs);
    return ours
        ? Optional.of("resp_" + itemId.substring(tail, tail + TAIL_CHARS))
        : Optional.empty();
  }

  /**
   * Whether an id is that of an output item: a model has said it here, in this response or that.
   */
  public static boolean isOutput(String itemId) {
    return responseOf(itemId).isPresent()
        && itemId.charAt(itemId.length() - PLACE_CHARS - 1) == 'o';
  }

  private static boolean isOurs(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  }

  private static String item(String prefix, String response, char side, int place) {
    String digits = Integer.toString(place, 36);
    return prefix
        + response.substring("resp".length())
        + side
        + "0".repeat(Math.max(0, PLACE_CHARS - digits.length()))
        + digits;
  }

  /**
   * A new id with this prefix.
   *
   * @param prefix the kind, without the underscore: {@code msg}, {@code fc}, {@code rs} …
   */
  public String next(String prefix) {
    char[] out = new char[TAIL_CHARS];
    long time = clock.millis();
    for (int i = TIME_CHARS - 1; i >= 0; i--) {
      out[i] = ALPHABET[(int) Math.floorMod(time, 36L)];
      time = Math.floorDiv(time, 36L);
    }
    byte[] chance = chance();
    for (int i = 0; i < RANDOM_CHARS; i++) {
      int sixteenBits = (chance[2 * i] & 0xff) << 8 | (chance[2 * i + 1] & 0xff);
      out[TIME_CHARS + i] = ALPHABET[sixteenBits % 36];
    }
    return prefix + "_" + new String(out);
  }

  private byte[] chance() {
    lock.lock();
    try {
      if (used == pool.length) {
        random.nextBytes(pool);
        used = 0;
      }
      byte[] chance = Arrays.copyOfRange(pool, used, used + ID_BYTES);
      // What has been given away is not kept.
      Arrays.fill(pool, used, used + ID_BYTES, (byte) 0);
      used += ID_BYTES;
      return chance;
    } finally {
      lock.unlock();
    }
  }
}
