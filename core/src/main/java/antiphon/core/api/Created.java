package antiphon.core.api;

import antiphon.core.response.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a create gave. */
public sealed interface Created {

  /** The events from number 0, for {@code stream: true}. */
  EventReader events();

  /**
   * A background response, durable and waiting.
   *
   * @param snapshot the response, {@code queued}
   * @param events the reader
   */
  record Queued(byte[] snapshot, EventReader events) implements Created {}

  /** A foreground response: it runs for the caller, and stops when the caller leaves. */
  non-sealed interface Running extends Created {

    /**
     * Waits for the end; the response may run on the calling thread meanwhile. To be called once
     * where {@link #events} are not read.
     *
     * @throws InterruptedException if nobody waits any more
     */
    Finished await() throws InterruptedException;

    /**
     * Waits until an engine has taken the response on, or it has ended, but not for long. For those
     * who read the {@link #events}, before they do.
     *
     * @return why it failed, if that was before any engine had taken it on: a stream is not begun
     *     then, and answered with this instead; else null
     */
    default @Nullable Problem refused(Duration patience) throws InterruptedException {
      return null;
    }

    /**
     * The client has more to say, in another response that goes on from this one: if the model has
     * turns left in it, it ends before the next of them. Does not block.
     */
    default void steer() {
      // Then it runs to its end.
    }

    /**
     * The client has left: cancels the response, and sets free who waits for it. Does not block,
     * and may be called again.
     */
    void clientGone();
  }

  /**
   * How a foreground response ended.
   *
   * @param snapshot the response
   * @param problem why it failed, if it failed: a blocking call is answered with this instead
   */
  record Finished(byte[] snapshot, @Nullable Problem problem) {}
}
