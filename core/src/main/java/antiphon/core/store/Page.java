package antiphon.core.store;

import java.util.List;

/**
 * One page of a list.
 *
 * @param data its entries, in the order asked for
 * @param hasMore whether more follow; for a page that only ends somewhere, whether more precede
 */
public record Page<T>(List<T> data, boolean hasMore) {
  public Page {
    data = List.copyOf(data);
  }
}
