package antiphon.http.wire;

/**
 * How much of long bodies an event loop takes in: they come as fast as a client can send them, and
 * would leave the processor to nobody else. What is sent beyond that waits with the client. Used on
 * the loop alone.
 */
final class Intake {

  /** The beginning of each body that is not held up, in bytes. */
  static final int FREE = 256 * 1024;

  /** 64 MB a second for each loop: a few per cent of a core. */
  private static final long BYTES_A_MILLI = 64_000;

  private static final long MOST = 1024 * 1024;

  /** Nobody is held up for less than the time that this takes. */
  private static final long ENOUGH = 512 * 1024;

  private long credit = MOST;
  private long since;

  /**
   * Counts bytes that have come.
   *
   * @param now in milliseconds, of a clock that only goes forward
   * @return for how many milliseconds no more should be read of this body; 0 for none
   */
  long take(int bytes, long now) {
    credit = Math.min(MOST, credit + (now - since) * BYTES_A_MILLI) - bytes;
    since = now;
    return credit >= 0 ? 0 : (ENOUGH - credit) / BYTES_A_MILLI;
  }
}
