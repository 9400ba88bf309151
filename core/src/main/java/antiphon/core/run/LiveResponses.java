package antiphon.core.run;

import antiphon.core.log.LiveLog;
import antiphon.core.response.ResponseId;
import antiphon.core.store.RunKey;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The stored responses that run on this node. Those with {@code store: false} are in no registry.
 */
public final class LiveResponses {

  private final ConcurrentHashMap<ResponseId, LiveLog> logs = new ConcurrentHashMap<>();

  /** Adds a log; a later run of the same response replaces an earlier one, which is lost. */
  public void add(LiveLog log) {
    LiveLog earlier = logs.put(log.id(), log);
    if (earlier != null) {
      earlier.lose();
    }
  }

  /** Its run is over: from now on the store tells all there is. */
  public void forget(LiveLog log) {
    logs.remove(log.id(), log);
  }

  /** The log of this response, if it runs here. */
  public @Nullable LiveLog find(ResponseId id) {
    return logs.get(id);
  }

  /** All that run here. */
  Collection<LiveLog> all() {
    return List.copyOf(logs.values());
  }

  /** The log that a run of this node writes, if it still does. */
  @Nullable LiveLog find(RunKey run) {
    LiveLog log = logs.get(run.id());
    return log != null && log.epoch() == run.epoch() ? log : null;
  }
}
