package antiphon.core.agent;

import antiphon.core.response.ResponseId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps which calls of agents are open. That a response is about to begin another is on disk before
 * it does, so that no crash leaves one behind that nobody ends.
 */
public interface AgentStore {

  /**
   * A call is about to begin a response, under the {@linkplain #key key} of its item; durable when
   * this returns, and harmless if it is said again.
   *
   * @param item the id of the call's item
   */
  void begin(ResponseId parent, String item);

  /** A call is over; harmless if it is not known. */
  void done(ResponseId parent, String item);

  /** Calls of which something is to be done, some of them: see {@link Open}. */
  List<Open> due(int limit);

  /** The Idempotency-Key under which the call of an item begins its response. */
  static String key(String item) {
    return "agent:" + item;
  }

  /**
   * An open call whose parent or child has ended.
   *
   * @param parentEnded or it is gone
   * @param child null if there is none, or none yet
   * @param ageMillis since it was about to begin
   */
  record Open(
      ResponseId parent,
      String item,
      boolean parentEnded,
      @Nullable ResponseId child,
      boolean childEnded,
      long ageMillis) {}
}
