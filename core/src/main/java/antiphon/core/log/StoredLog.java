package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.create.Template;
import antiphon.core.response.Transition;
import antiphon.core.store.Ending;
import antiphon.core.store.OpenLog;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import java.util.List;

/** Folds the log of a response that does not run here. */
public final class StoredLog {

  private static final int PAGE = 1000;

  private StoredLog() {}

  /** The response as its stored entries and events make it. */
  public static ResponseState fold(
      StoredResponse response, List<byte[]> entries, Iterable<byte[]> events) {
    ResponseState state =
        new ResponseState(response.id(), Template.of(response), response.metadataVersion());
    return state.recall(entries).replay(events, response.usage());
  }

  /**
   * The same as far as the row is known, with the events read a few at a time. What came behind
   * them since is left out.
   */
  public static ResponseState fold(ResponseStore store, StoredResponse response) {
    ResponseState state = fold(response, store.entries(response.id()), List.of());
    long end = response.nextSequence();
    while (state.nextSequence() < end) {
      List<byte[]> events = store.readLog(response.id(), state.nextSequence() - 1, PAGE).events();
      if (events.isEmpty()) {
        break;
      }
      int known = (int) Math.min(events.size(), end - state.nextSequence());
      state.replay(events.subList(0, known), response.usage());
    }
    return state;
  }

  /**
   * How a response ends by this transition.
   *
   * @see antiphon.core.store.ResponseStore#endFromLog
   */
  public static Ending ending(OpenLog log, Transition transition, long now) {
    boolean followed = log.events().iterator().hasNext();
    ResponseState.Ended ended =
        fold(log.response(), log.entries(), log.events()).ending(transition, now, followed);
    return new Ending(
        log.response().epoch(),
        log.response().nextSequence(),
        ended.events().stream().map(EncodedEvent::json).toList(),
        ended.status(),
        ended.completedAt(),
        ended.usage(),
        ended.snapshot(),
        ended.metadataVersion());
  }
}
