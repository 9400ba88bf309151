package antiphon.core.store;

import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import java.util.List;

/**
 * How a response is to end.
 *
 * @param epoch under which it runs
 * @param firstSequence the number of the first of {@code events}
 * @param events the last events, the terminal one at the end. For a foreground response this is the
 *     whole log, or none if nobody followed it: then it can be {@linkplain
 *     ResponseStore#reconstruct reconstructed}
 * @param status a terminal status
 * @param completedAt milliseconds since 1970
 * @param usage the final usage
 * @param snapshot the response, served as these bytes from now on
 * @param metadataVersion the version of the metadata in the snapshot
 * @param entries the last entries of the inner log
 */
public record Ending(
    long epoch,
    long firstSequence,
    List<byte[]> events,
    ResponseStatus status,
    long completedAt,
    Usage usage,
    byte[] snapshot,
    long metadataVersion,
    Entries entries) {

  /** Without entries. */
  public Ending(
      long epoch,
      long firstSequence,
      List<byte[]> events,
      ResponseStatus status,
      long completedAt,
      Usage usage,
      byte[] snapshot,
      long metadataVersion) {
    this(
        epoch,
        firstSequence,
        events,
        status,
        completedAt,
        usage,
        snapshot,
        metadataVersion,
        Entries.NONE);
  }
}
