package antiphon.core.store;

import java.util.List;

/**
 * Entries for the inner log of a response: what a run has to know of the runs before it, and no
 * reader sees.
 *
 * @param first the number of the first; they are numbered from 0 for each response
 * @param json the entries, JSON of one line each
 */
public record Entries(int first, List<byte[]> json) {

  /** None. */
  public static final Entries NONE = new Entries(0, List.of());

  public boolean isEmpty() {
    return json.isEmpty();
  }

  /** How large they are together, in bytes. */
  public long bytes() {
    return json.stream().mapToLong(entry -> entry.length).sum();
  }
}
