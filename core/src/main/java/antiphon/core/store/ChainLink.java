package antiphon.core.store;

import antiphon.protocol.response.ResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * One response of a chain.
 *
 * @param id its id
 * @param status its status
 * @param input its own input items, a JSON array
 * @param snapshot the ended response, null if it has not ended
 */
public record ChainLink(
    String id, ResponseStatus status, byte[] input, byte @Nullable [] snapshot) {

  /** How large its input and its snapshot are together. */
  public long bytes() {
    return input.length + (snapshot == null ? 0L : snapshot.length);
  }
}
