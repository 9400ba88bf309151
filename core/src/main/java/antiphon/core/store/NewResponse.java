package antiphon.core.store;

import antiphon.core.response.ResponseId;
import antiphon.core.trace.TraceParent;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response to be written for the first time.
 *
 * @param id its id and owner
 * @param delivery background responses begin waiting, epoch 0; foreground ones as {@code
 *     in_progress}, epoch 1, run by {@code node}
 * @param createdAt milliseconds since 1970
 * @param tier its place in the queue
 * @param queue the queue it waits in: the engine that is to run it
 * @param model the model's public name
 * @param previous the response it follows, of the same owner, or null
 * @param request the request with all defaults and without input and metadata, JSON
 * @param input its own input items, a JSON array
 * @param metadata a JSON object
 * @param node who runs it, if foreground
 * @param lease for how long, if foreground
 * @param trace that it was made in, or null
 * @param events the log's first events, numbered from 0; none for a foreground response
 */
public record NewResponse(
    ResponseId id,
    Delivery delivery,
    long createdAt,
    ServiceTier tier,
    String queue,
    String model,
    @Nullable String previous,
    byte[] request,
    byte[] input,
    byte[] metadata,
    String node,
    Duration lease,
    @Nullable TraceParent trace,
    List<byte[]> events) {

  public NewResponse {
    // One such text would fail the whole group that it is committed with.
    if (queue.indexOf('\0') >= 0
        || model.indexOf('\0') >= 0
        || (previous != null && previous.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("a text that is found by its value has a NUL character");
    }
  }

  /** How its client gets it. */
  public enum Delivery {
    /** The client asks for it whenever it likes. */
    BACKGROUND,
    /** The same, and it is not to be kept: it can be asked for until some minutes after its end. */
    BRIEF,
    /** Event by event: from the first one on its id is known. */
    STREAMED,
    /** In one piece at its end; before that nobody knows its id. */
    AT_ITS_END
  }

  public boolean background() {
    return delivery == Delivery.BACKGROUND || brief();
  }

  /** Whether it is kept for minutes only. */
  public boolean brief() {
    return delivery == Delivery.BRIEF;
  }
}
