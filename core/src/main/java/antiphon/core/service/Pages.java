package antiphon.core.service;

import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Pages that have at most so many entries, and at most so many bytes. */
final class Pages {

  /** How large a page may be, in bytes of JSON; one with a single entry may be larger. */
  static final long MAX_BYTES = 4 * 1024 * 1024;

  private Pages() {}

  /** Whether a page only ends somewhere: then it holds what is right ahead of its end. */
  static boolean backwards(PageRequest page) {
    return page.after() == null && page.before() != null;
  }

  /**
   * As many entries as may be together, in the order given.
   *
   * @param entries what there is, in the order asked for
   * @param making makes what is shown of an entry; only called for what the page holds, and one
   *     more
   */
  static <E, T> Page<T> of(
      PageRequest page, List<E> entries, Function<E, T> making, ToLongFunction<T> bytes) {
    boolean backwards = backwards(page);
    List<T> data = new ArrayList<>();
    long sum = 0;
    for (E entry : backwards ? entries.reversed() : entries) {
      if (data.size() == page.limit()) {
        break;
      }
      T made = making.apply(entry);
      sum += bytes.applyAsLong(made);
      if (sum > MAX_BYTES && !data.isEmpty()) {
        break;
      }
      data.add(made);
    }
    return new Page<>(backwards ? data.reversed() : data, data.size() < entries.size());
  }
}
