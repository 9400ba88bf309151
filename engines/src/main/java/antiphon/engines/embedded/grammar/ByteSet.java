package antiphon.engines.embedded.grammar;

/** A set of bytes, as the bits of four words. */
record ByteSet(long a, long b, long c, long d) {

  private static final ByteSet NONE = new ByteSet(0, 0, 0, 0);

  /** The bytes from {@code low} to {@code high}, both included. */
  static ByteSet range(int low, int high) {
    ByteSet set = NONE;
    for (int value = low; value <= high; value++) {
      set = set.with(value);
    }
    return set;
  }

  static ByteSet of(int... values) {
    ByteSet set = NONE;
    for (int value : values) {
      set = set.with(value);
    }
    return set;
  }

  ByteSet or(ByteSet other) {
    return new ByteSet(a | other.a, b | other.b, c | other.c, d | other.d);
  }

  ByteSet without(ByteSet other) {
    return new ByteSet(a & ~other.a, b & ~other.b, c & ~other.c, d & ~other.d);
  }

  boolean contains(int value) {
    long word =
        switch (value >> 6) {
          case 0 -> a;
          case 1 -> b;
          case 2 -> c;
          default -> d;
        };
    return (word >>> (value & 63) & 1) != 0;
  }

  boolean isEmpty() {
    return (a | b | c | d) == 0;
  }

  private ByteSet with(int value) {
    long bit = 1L << (value & 63);
    return switch (value >> 6) {
      case 0 -> new ByteSet(a | bit, b, c, d);
      case 1 -> new ByteSet(a, b | bit, c, d);
      case 2 -> new ByteSet(a, b, c | bit, d);
      default -> new ByteSet(a, b, c, d | bit);
    };
  }
}
