package antiphon.core.service;

import antiphon.core.api.Created;
import antiphon.core.api.EventReader;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseError;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A foreground response in the hands of a call that has made it once more, under the same key. It
 * runs for the call that made it first: whether this one stays or leaves makes no difference.
 */
final class ResponseAgain implements Created.Running {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final EventReader events;
  private final Supplier<StoredResponse> stored;
  private final Supplier<Optional<Problem>> told;
  private volatile @Nullable Thread waiting;
  private volatile boolean gone;

  /**
   * @param events its events from the first one on
   * @param stored looks it up
   * @param told looks up what the first call was answered with instead of the response
   */
  ResponseAgain(
      EventReader events, Supplier<StoredResponse> stored, Supplier<Optional<Problem>> told) {
    this.told = told;
    this.events = events;
    this.stored = stored;
  }

  @Override
  public Created.Finished await() throws InterruptedException {
    waiting = Thread.currentThread();
    try (events) {
      while (!gone && events.next(PATIENCE) != null) {}
    } finally {
      waiting = null;
    }
    if (gone) {
      throw new InterruptedException();
    }
    byte[] snapshot = stored.get().snapshot();
    if (snapshot == null) {
      throw new Rejected(new Problem.Internal("This response was lost by the server."));
    }
    return new Created.Finished(snapshot, problem(snapshot));
  }

  /** The first call's own, or what is known of it while that call is being answered. */
  private @Nullable Problem problem(byte[] snapshot) {
    ResponseError error = Json.readStored(snapshot, Response.class).error();
    return error == null ? null : told.get().orElseGet(() -> of(error));
  }

  private static Problem of(ResponseError error) {
    return switch (error.code()) {
      case "rate_limit_exceeded" ->
          new Problem.Engine(Problem.Engine.Kind.RATE_LIMITED, error.message(), null);
      case "server_error" -> new Problem.Engine(Problem.Engine.Kind.BROKEN, error.message(), null);
      default -> new Problem.Invalid(error.message(), null, error.code());
    };
  }

  @Override
  public @Nullable Problem refused(Duration patience) {
    return told.get().orElse(null);
  }

  /** It is not this call's to cancel. */
  @Override
  public void clientGone() {
    gone = true;
    Thread thread = waiting;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public EventReader events() {
    return events;
  }
}
