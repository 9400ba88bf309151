package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.store.Entries;
import antiphon.protocol.event.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events of a live log in memory: which there are, which have gone to the store, which may be
 * seen. One append is under way at a time. While nobody follows the log, they are not encoded. Of
 * those that the store has, only the last ones stay here. Guarded by the log's lock.
 */
final class LogEvents {

  /** So many bytes of what the store has stay for readers who are not far behind. */
  private static final long KEPT = 256 * 1024;

  private final List<EncodedEvent> held = new ArrayList<>();
  private final List<StreamEvent> unwritten = new ArrayList<>();

  /** Entries of the inner log that have not gone to the store. */
  private final List<byte[]> entries = new ArrayList<>();

  private int nextEntry;
  private volatile long base;
  private boolean followed;

  // Numbers behind the last event that has gone to the store, that it has, that may be seen.
  private long submitted;
  private long stored;
  private long visible;

  private long heldBytes;
  private long unsentBytes;
  private @Nullable Batch underWay;
  private @Nullable Batch again;

  /**
   * @param base the number of the first event; what is older is in the store alone
   * @param entry the number of the next entry of the inner log
   * @param followed whether somebody reads them as they come
   */
  LogEvents(long base, int entry, boolean followed) {
    this.base = base;
    this.nextEntry = entry;
    this.submitted = base;
    this.stored = base;
    this.visible = base;
    this.followed = followed;
  }

  /** The number of the first that is held here; may be asked without the lock. */
  long base() {
    return base;
  }

  /** Whether somebody reads them as they come. */
  boolean followed() {
    return followed;
  }

  void add(EncodedEvent event) {
    held.add(event);
    heldBytes += event.json().length;
    unsentBytes += event.json().length;
  }

  /** Adds an entry of the inner log, to go with what has been added before. */
  void add(byte[] entry) {
    entries.add(entry);
    nextEntry++;
    unsentBytes += entry.length;
  }

  /** Adds one that nobody may ever read. */
  void addUnwritten(StreamEvent event) {
    unwritten.add(event);
  }

  /** How many wait to be told, should anybody read them. */
  int unwritten() {
    return unwritten.size();
  }

  /** Somebody reads from now on, if nobody has before. */
  void follow(Function<StreamEvent, EncodedEvent> encoder) {
    followed = true;
    unwritten.forEach(event -> add(encoder.apply(event)));
    unwritten.clear();
  }

  /** The number behind the last. */
  long end() {
    return base + held.size();
  }

  /** The number behind the last that may be seen. */
  long visible() {
    return visible;
  }

  /** All may be seen. */
  void showAll() {
    visible = end();
  }

  /** How many wait for the store. */
  long hidden() {
    return end() - visible;
  }

  /** How many bytes are held here. */
  long heldBytes() {
    return heldBytes;
  }

  /** How many bytes the store has not been given. */
  long unsentBytes() {
    return unsentBytes;
  }

  /** How many bytes the store does not have. */
  long unstoredBytes() {
    return unsentBytes + bytes(underWay) + bytes(again);
  }

  private static long bytes(@Nullable Batch batch) {
    return batch == null ? 0 : batch.bytes;
  }

  /** Whether something is on its way. */
  boolean isUnderWay() {
    return underWay != null;
  }

  /**
   * What is to go to the store next; null while something is on its way, or if there is nothing.
   */
  @Nullable Batch next() {
    if (underWay != null) {
      return null;
    }
    if (again != null) {
      underWay = again;
      again = null;
    } else if (submitted < end() || !entries.isEmpty()) {
      underWay = new Batch(submitted, json(submitted), end(), unsentBytes, takeEntries());
      submitted = end();
      unsentBytes = 0;
    }
    return underWay;
  }

  private Entries takeEntries() {
    if (entries.isEmpty()) {
      return Entries.NONE;
    }
    Entries taken = new Entries(nextEntry - entries.size(), List.copyOf(entries));
    entries.clear();
    return taken;
  }

  /** Whether the store has everything. */
  boolean isStored() {
    return stored == end() && entries.isEmpty() && underWay == null && again == null;
  }

  /** The append under way came to nothing. */
  void notStored() {
    underWay = null;
  }

  /** Nobody knows whether the append under way came to anything: it goes again, as it was. */
  void storeAgain() {
    again = underWay;
    underWay = null;
  }

  /** The append under way is durable. */
  void stored(Batch batch) {
    underWay = null;
    stored = batch.upTo;
    visible = Math.max(visible, batch.upTo);
    trim();
  }

  /** What the store has not been given for sure. */
  List<EncodedEvent> unsent() {
    return new ArrayList<>(held.subList(index(firstUnsent()), held.size()));
  }

  /** Entries that the store has not been given for sure. */
  Entries unsentEntries() {
    Entries before = again == null ? Entries.NONE : again.entries;
    if (before.isEmpty() && entries.isEmpty()) {
      return Entries.NONE;
    }
    List<byte[]> all = new ArrayList<>(before.json());
    all.addAll(entries);
    return new Entries(nextEntry - all.size(), all);
  }

  /** The number of the first of these. */
  long firstUnsent() {
    return again == null ? submitted : again.first;
  }

  /** The log has ended with these, and the store has them all, if there is one. */
  void end(List<EncodedEvent> last, boolean kept) {
    last.forEach(this::add);
    submitted = end();
    entries.clear();
    unsentBytes = 0;
    again = null;
    visible = end();
    if (kept) {
      stored = end();
      trim();
    }
  }

  /** Visible ones from a number on. */
  List<EncodedEvent> visible(long from, int limit) {
    int first = index(from);
    int end = index(Math.min(visible, from + limit));
    return List.copyOf(held.subList(first, end));
  }

  /** Nobody will ask for what is below this number; whether there was anything. */
  boolean forget(long below) {
    int gone = (int) Math.min(below - base, held.size());
    if (gone <= 0) {
      return false;
    }
    drop(gone);
    submitted = Math.max(submitted, base);
    return true;
  }

  /** Leaves to the store what it has, but for the last of it. */
  private void trim() {
    if (heldBytes <= 2 * KEPT) {
      return;
    }
    int gone = 0;
    long left = heldBytes;
    while (base + gone < stored && left > KEPT) {
      left -= held.get(gone).json().length;
      gone++;
    }
    drop(gone);
  }

  private void drop(int gone) {
    List<EncodedEvent> first = held.subList(0, gone);
    for (EncodedEvent event : first) {
      heldBytes -= event.json().length;
    }
    first.clear();
    long next = base + gone;
    base = next;
  }

  private int index(long number) {
    return (int) (number - base);
  }

  private List<byte[]> json(long from) {
    return held.subList(index(from), held.size()).stream().map(EncodedEvent::json).toList();
  }

  /**
   * Events on their way to the store.
   *
   * @param first the number of the first
   * @param upTo the number behind the last
   * @param bytes how large they are together
   * @param entries of the inner log that go with them
   */
  record Batch(long first, List<byte[]> events, long upTo, long bytes, Entries entries) {}
}
