package antiphon.store.sql.response;

import antiphon.core.store.Append;
import java.util.List;

/** What an append changes in its row, and what guards it. */
public final class AppendColumns {

  /** What an append sets; takes {@link #values}. */
  static final String ADVANCE = "next_sequence = r.next_sequence + ?, " + Rows.SET_USAGE;

  private AppendColumns() {}

  static List<Object> values(Append append) {
    return List.of(append.events().size(), Rows.values(append.usage()));
  }

  static List<Object> guard(Append append) {
    return List.of(Rows.key(append.run().id()), append.run().epoch(), append.firstSequence());
  }
}
