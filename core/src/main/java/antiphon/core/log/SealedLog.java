package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import antiphon.core.store.Entries;
import java.util.List;
import java.util.Map;

/** A log that takes nothing any more, as {@link Ender} sees it. */
interface SealedLog {

  ResponseId id();

  /** What an ending is made from, read after the log has been sealed. */
  Tail tail(Transition transition);

  /** Somebody has changed the metadata meanwhile. */
  void metadata(Map<String, String> metadata, long version);

  /** The ending holds. */
  Outcome won(ResponseState.Ended ended);

  /** Another ending holds, or none. */
  Outcome lost();

  /**
   * What is brought to the store.
   *
   * @param firstSequence the number of the first of {@code events}
   * @param events what the store does not have yet, the ending included; none if the log stays
   *     unwritten
   * @param ended the ending
   * @param entries of the inner log that the store does not have yet
   */
  record Tail(
      long firstSequence, List<EncodedEvent> events, ResponseState.Ended ended, Entries entries) {}
}
