package antiphon.http.resource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was said to responses of a WebSocket and waits for its client's next request, by the
 * response that it was said to. Not for several threads at once.
 */
final class PendingSteers {

  /** To so many responses. */
  private static final int MOST = 16;

  private final Map<String, List<Steer>> pending = new HashMap<>();
  private boolean closed;

  /** Whether it is kept. */
  boolean keep(String id, List<Steer> said) {
    return !closed && pending.size() < MOST && pending.putIfAbsent(id, said) == null;
  }

  /** What the request that goes on from this response answers too. */
  List<Steer> take(String id) {
    List<Steer> owed = pending.remove(id);
    return owed == null ? List.of() : owed;
  }

  /** Keeps nothing, and nothing more. */
  void close() {
    closed = true;
    pending.values().forEach(steers -> steers.forEach(steer -> steer.done().run()));
    pending.clear();
  }
}
