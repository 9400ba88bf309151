package antiphon.core.queue;

import antiphon.protocol.response.ServiceTier;

/** Where a tier stands in the queue, the first one first. */
public enum Rank {
  /** {@code priority}. */
  FIRST(0, 8),
  /** {@code default} and {@code auto}. */
  MIDDLE(1, 4),
  /** {@code flex}. */
  LAST(2, 1);

  private final int number;
  private final int weight;

  Rank(int number, int weight) {
    this.number = number;
    this.weight = weight;
  }

  /** By what number the store knows it. */
  public int number() {
    return number;
  }

  /** The rank that the store knows by this number. */
  public static Rank numbered(int number) {
    for (Rank rank : values()) {
      if (rank.number == number) {
        return rank;
      }
    }
    throw new IllegalArgumentException("no rank has the number " + number);
  }

  /** Of as many places as all weights together it gets so many, while all of them wait. */
  public int weight() {
    return weight;
  }

  /** The rank of a tier. */
  public static Rank of(ServiceTier tier) {
    return switch (tier) {
      case PRIORITY -> FIRST;
      case AUTO, DEFAULT -> MIDDLE;
      case FLEX -> LAST;
    };
  }
}
