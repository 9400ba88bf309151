package antiphon.core.store;

import antiphon.protocol.response.Usage;
import java.util.List;

/**
 * Events for the log of a running response, and entries for its inner one; both or neither are
 * written.
 *
 * @param run whose log, under which epoch
 * @param firstSequence the number of the first event; must follow the last one in the log
 * @param events the encoded events; none only if there are entries
 * @param usage what has been used up to the last of them
 * @param entries follow the last one of the inner log
 */
public record Append(
    RunKey run, long firstSequence, List<byte[]> events, Usage usage, Entries entries) {

  /** Events alone. */
  public Append(RunKey run, long firstSequence, List<byte[]> events, Usage usage) {
    this(run, firstSequence, events, usage, Entries.NONE);
  }
}
