package antiphon.store.sql.commit;

import antiphon.core.health.Pulse;
import antiphon.core.store.GuardedStoreListener;
import antiphon.core.store.StoreListener;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sql.jdbc.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A database at work. Writes to one response go through one of the writers, in their order. Writes
 * that may have to wait for another node's locks go alone, so that they keep nobody else waiting.
 */
public final class Database implements AutoCloseable {

  private final List<GroupCommit> writers = new ArrayList<>();
  private final Readers readers;
  private final Readers pings;
  private final Reach reach = new Reach();
  private final Loners loners;
  private final Sessions sessions;
  private final StoreListener listener;

  /**
   * @param name begins the threads' names
   * @param grouping executes groups of writes
   * @param sessions for writing; closed with this
   * @param readSessions for reading; closed with this
   * @param listener hears of the writes
   */
  public Database(
      String name,
      Threads threads,
      Dialect dialect,
      Grouping grouping,
      Sessions sessions,
      Sessions readSessions,
      StoreListener listener) {
    this.listener = new GuardedStoreListener(listener);
    var transactions = new Transactions(sessions, dialect, grouping, this.listener, reach);
    for (int i = 0; i < threads.writers(); i++) {
      writers.add(new GroupCommit(name + "-writer-" + i, transactions));
    }
    this.loners = new Loners(name + "-loner-", threads.loners(), transactions);
    this.readers = new Readers(name + "-reader-", threads.readers(), readSessions, dialect, reach);
    // Apart: reads that take long must not make the database look dead.
    this.pings = new Readers(name + "-ping-", 1, readSessions, dialect, reach);
    this.sessions = sessions;
  }

  /**
   * How many threads there are, each with a connection while it works.
   *
   * @param writers that commit groups; 1 if the database has but one writer anyway
   * @param loners for writes that go alone; 0 sends these to the first writer
   */
  public record Threads(int writers, int loners, int readers) {
    public Threads {
      if (writers < 1 || loners < 0 || readers < 1) {
        throw new IllegalArgumentException("writers and readers: at least 1");
      }
    }
  }

  /** Begins to write; to be called once. */
  public void start() {
    writers.forEach(GroupCommit::start);
  }

  /** How many lanes writes are spread over. */
  int lanes() {
    return writers.size();
  }

  /** The lane of what has this key. */
  public int lane(String key) {
    return Math.floorMod(key.hashCode(), writers.size());
  }

  /** Writes in a group, behind what was handed in for the same key before. */
  public <T> CompletableFuture<T> write(String what, String key, long bytes, Write<T> write) {
    return write(lane(key), what, key, bytes, Urgency.NOW, write);
  }

  /** The same, as soon as it has to be. */
  public <T> CompletableFuture<T> write(
      String what, String key, long bytes, Urgency urgency, Write<T> write) {
    return write(lane(key), what, key, bytes, urgency, write);
  }

  /** Writes in a group, behind what was handed in for any key of this lane before. */
  public <T> CompletableFuture<T> write(
      int lane, String what, String key, long bytes, Write<T> write) {
    return write(lane, what, key, bytes, Urgency.NOW, write);
  }

  private <T> CompletableFuture<T> write(
      int lane, String what, String key, long bytes, Urgency urgency, Write<T> write) {
    listener.submitted(what);
    return writers.get(lane).submit(what, key, bytes, urgency, write);
  }

  /** Writes in a transaction of its own, and waits for it. */
  public <T> T writeAlone(String what, Write<T> write) {
    if (loners.isEmpty()) {
      return Futures.await(write(0, what, "", 0, write));
    }
    listener.submitted(what);
    return loners.write(what, write);
  }

  public <T> T read(String what, Readers.Read<T> read) {
    reach.requireRead(what);
    return readers.read(what, read);
  }

  /**
   * Before a write that a client waits for, and that begins something: it need not wait to fail.
   *
   * @throws StoreException if it is known that the database does not write now
   */
  public void requireWrite(String what) {
    reach.requireWrite(what);
  }

  /** Reads something small; and writes it, where the last write has failed. */
  public void ping(Readers.Read<?> read, Write<?> write) {
    var _ = pings.read("ping", read);
    if (!reach.writes()) {
      var _ = Futures.await(write(0, "ping", "", 0, write));
      reach.written();
    }
  }

  /** The loops that nothing is written without. */
  public List<Pulse> loops() {
    return writers.stream().map(GroupCommit::pulse).toList();
  }

  @Override
  public void close() {
    writers.forEach(GroupCommit::close);
    loners.close();
    readers.close();
    pings.close();
    sessions.close();
  }
}
