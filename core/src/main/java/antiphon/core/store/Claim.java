package antiphon.core.store;

import java.util.List;

/**
 * What a node got when it claimed.
 *
 * @param claimed what it now runs
 * @param more whether more is waiting, for whatever room
 */
public record Claim(List<Claimed> claimed, boolean more) {

  public Claim {
    claimed = List.copyOf(claimed);
  }
}
