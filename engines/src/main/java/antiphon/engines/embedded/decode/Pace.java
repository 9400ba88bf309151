package antiphon.engines.embedded.decode;

/**
 * How many prompt tokens to read in one step: so many that a step takes about as long as others can
 * wait for their turn, and as a stop can wait for one operation of it.
 */
final class Pace {

  private static final double ALONE_NANOS = 250e6;
  private static final double SHARED_NANOS = 80e6;
  private static final int LEAST = 8;
  private static final int FIRST = 32;

  private final int most;
  private boolean shared;
  private double nanosPerToken;

  Pace(int most) {
    this.most = most;
  }

  /** Says whether others wait for their turn. */
  void shared(boolean others) {
    shared = others;
  }

  /** Notes how long it took to read so many tokens. */
  void took(int tokens, long nanos) {
    if (tokens < LEAST) {
      return;
    }
    double one = (double) nanos / tokens;
    nanosPerToken = nanosPerToken == 0 ? one : nanosPerToken * 0.7 + one * 0.3;
  }

  /** How many of so many unread tokens to read next; never all but one, see {@link Slot}. */
  int share(int unread) {
    int count = Math.min(unread, tokens());
    return unread - count == 1 ? count - 1 : count;
  }

  private int tokens() {
    if (nanosPerToken == 0) {
      return Math.min(most, FIRST);
    }
    double time = shared ? SHARED_NANOS : ALONE_NANOS;
    return (int) Math.clamp(time / nanosPerToken, LEAST, most);
  }
}
