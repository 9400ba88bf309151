package antiphon.http.resource;

import antiphon.core.api.Created;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Responses that run one after the other for one client; guarded by its {@link Lanes}. */
final class Lane {

  /** So much may be said to one response while it runs. */
  private static final int MOST_STEERS = 8;

  final Deque<Asked> waiting = new ArrayDeque<>();
  final List<Steer> steers = new ArrayList<>();
  @Nullable Thread worker;
  @Nullable Asked asked;
  Created.@Nullable Running running;
  @Nullable String id;

  /** Stops what runs; what waits is not held any more. */
  void stop() {
    waiting.forEach(Asked::release);
    waiting.clear();
    steers.forEach(steer -> steer.done().run());
    if (running != null) {
      running.clientGone();
    } else if (worker != null) {
      worker.interrupt();
    }
  }

  /** Why nothing can be said to what runs; null if it can. */
  SteerEvents.@Nullable Reason refusal() {
    if (asked == null) {
      return SteerEvents.Reason.NOT_FOUND;
    }
    if (running == null) {
      return SteerEvents.Reason.COMPLETED;
    }
    if (!asked.steerable()) {
      return SteerEvents.Reason.UNSUPPORTED;
    }
    return steers.size() >= MOST_STEERS ? SteerEvents.Reason.TOO_MANY : null;
  }
}
