package antiphon.core.store;

import antiphon.core.response.ResponseId;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is kept.
 *
 * @param id its id and owner
 * @param status its status
 * @param background whether it was made with {@code background: true}
 * @param epoch how often it has been claimed
 * @param leased whether a living node runs it
 * @param createdAt milliseconds since 1970
 * @param model the model's public name
 * @param previous the response it follows, or null
 * @param request the request with all defaults, without input and metadata, JSON
 * @param input its own input items, a JSON array
 * @param metadata a JSON object
 * @param metadataVersion grows with each change of the metadata
 * @param nextSequence the number of the next event of its log
 * @param usage what has been used so far
 * @param snapshot the ended response; null while it has not ended
 */
public record StoredResponse(
    ResponseId id,
    ResponseStatus status,
    boolean background,
    long epoch,
    boolean leased,
    long createdAt,
    String model,
    @Nullable String previous,
    byte[] request,
    byte[] input,
    byte[] metadata,
    long metadataVersion,
    long nextSequence,
    Usage usage,
    byte @Nullable [] snapshot) {
  /** The same with other bodies. */
  public StoredResponse with(byte[] newRequest, byte[] newInput, byte @Nullable [] newSnapshot) {
    return new StoredResponse(
        id,
        status,
        background,
        epoch,
        leased,
        createdAt,
        model,
        previous,
        newRequest,
        newInput,
        metadata,
        metadataVersion,
        nextSequence,
        usage,
        newSnapshot);
  }
}
