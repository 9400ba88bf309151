package antiphon.core.store;

import antiphon.protocol.response.ResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One response of a chain.
 *
 * @param id its id
 * @param status its status
 * @param input its own input items, a JSON array
 * @param snapshot the ended response, null if it has not ended
 * @param entries its inner log
 */
public record ChainLink(
    String id,
    ResponseStatus status,
    byte[] input,
    byte @Nullable [] snapshot,
    List<byte[]> entries) {

  /** How large all of it is. */
  public long bytes() {
    long inner = entries.stream().mapToLong(entry -> entry.length).sum();
    return inner + input.length + (snapshot == null ? 0L : snapshot.length);
  }
}
