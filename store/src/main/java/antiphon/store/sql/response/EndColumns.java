package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Ending;
import java.util.List;

/** What an end changes in its row, and what guards it. */
public final class EndColumns {

  /** What an end sets; takes {@link #values}. */
  static final String END =
      """
      status = ?, completed_at = ?, epoch = r.epoch + ?, next_sequence = r.next_sequence + ?,
        lease_until = NULL, run_after = NULL, cancel_requested = FALSE, ${usage}
      """
          .replace("${usage}", Rows.SET_USAGE);

  private EndColumns() {}

  static List<Object> values(Ending ending, boolean fence) {
    return List.of(
        ending.status().wire(),
        ending.completedAt(),
        fence ? 1 : 0,
        ending.events().size(),
        Rows.values(ending.usage()));
  }

  static List<Object> guard(ResponseId id, Ending ending, long epoch) {
    return List.of(Rows.key(id), epoch, ending.firstSequence(), ending.metadataVersion());
  }
}
