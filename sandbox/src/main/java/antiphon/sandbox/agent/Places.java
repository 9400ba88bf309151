package antiphon.sandbox.agent;

import java.util.BitSet;

/** The numbers of sandboxes that are there at the same time: each its own, the lowest free. */
final class Places {

  private final BitSet taken = new BitSet();
  private final int most;

  Places(int most) {
    this.most = most;
  }

  /** A free number; -1 if there is none. */
  synchronized int take() {
    int place = taken.nextClearBit(0);
    if (place >= most) {
      return -1;
    }
    taken.set(place);
    return place;
  }

  synchronized void give(int place) {
    taken.clear(place);
  }
}
