package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.protocol.event.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events of a live log in memory: which there are, which have gone to the store, which may be
 * seen. One append is under way at a time. While nobody follows the log, they are not encoded.
 * Guarded by the log's lock.
 */
final class LogEvents {

  private final List<EncodedEvent> events = new ArrayList<>();
  private final List<StreamEvent> untold = new ArrayList<>();
  private final long base;
  private boolean followed;
  private int submitted;
  private int visible;
  private boolean underWay;

  /**
   * @param base the number of the first event; what is older is in the store alone
   * @param followed whether somebody reads them as they come
   */
  LogEvents(long base, boolean followed) {
    this.base = base;
    this.followed = followed;
  }

  long base() {
    return base;
  }

  /** Whether somebody reads them as they come. */
  boolean followed() {
    return followed;
  }

  void add(EncodedEvent event) {
    events.add(event);
  }

  /** Adds one that nobody may ever read. */
  void addUntold(StreamEvent event) {
    untold.add(event);
  }

  /** Somebody reads from now on, if nobody has before. */
  void follow(Function<StreamEvent, EncodedEvent> encoder) {
    followed = true;
    untold.forEach(event -> events.add(encoder.apply(event)));
    untold.clear();
  }

  /** How many there are to be read. */
  int size() {
    return events.size();
  }

  /** How many may be seen. */
  int visible() {
    return visible;
  }

  /** All may be seen. */
  void showAll() {
    visible = events.size();
  }

  /** How many wait for the store. */
  int hidden() {
    return events.size() - visible;
  }

  /**
   * What is to go to the store next; null while something is on its way, or if there is nothing.
   */
  @Nullable Batch next() {
    if (underWay || submitted == events.size()) {
      return null;
    }
    underWay = true;
    List<byte[]> batch = json(submitted, events.size());
    long first = base + submitted;
    submitted = events.size();
    return new Batch(first, batch, submitted);
  }

  /** The append under way came to nothing. */
  void notStored() {
    underWay = false;
  }

  /** The append under way is durable. */
  void stored(Batch batch) {
    underWay = false;
    visible = Math.max(visible, batch.upTo);
  }

  /** What the store has not been given, or all of it. */
  List<EncodedEvent> unsent(boolean all) {
    return new ArrayList<>(events.subList(all ? 0 : submitted, events.size()));
  }

  /** The number of the first that the store has not been given. */
  long firstUnsent() {
    return base + submitted;
  }

  /** The log has ended with these, and the store has them all. */
  void end(List<EncodedEvent> last) {
    events.addAll(last);
    submitted = events.size();
    visible = events.size();
  }

  /** Visible ones from an index on. */
  List<EncodedEvent> visible(int from, int limit) {
    return List.copyOf(events.subList(from, Math.min(visible, from + limit)));
  }

  private List<byte[]> json(int from, int to) {
    return events.subList(from, to).stream().map(EncodedEvent::json).toList();
  }

  /**
   * Events on their way to the store.
   *
   * @param first the number of the first
   * @param upTo how many of the log's events the store has after it
   */
  record Batch(long first, List<byte[]> events, int upTo) {}
}
