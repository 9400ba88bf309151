package antiphon.core.store;

import antiphon.core.health.Pulse;
import antiphon.core.queue.Room;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps responses and their event logs. The one place where the ways a response can end compete:
 * each change is a guarded update of one row, and of all that want to end a response exactly one
 * wins.
 *
 * <p>Writes that return a future are committed in groups. For one response they take effect in the
 * order they were handed in. A future completes after the commit is durable, or exceptionally with
 * {@link StoreException} when the store could not be reached. Then it is not known whether anything
 * of it was written, and it may be handed in again as it was: what had got through is recognised.
 * Futures complete on a thread of the store: what follows there must be short and must not wait for
 * the store.
 *
 * <p>Items, requests, events and snapshots are JSON bytes that the store never looks into.
 */
public interface ResponseStore extends AutoCloseable {

  /**
   * Writes a new response together with the first events of its log. A background one is written at
   * once, and so is one that is streamed, if the store is {@linkplain #shared shared}: its id can
   * be asked for on every node from its first event on. Other foreground ones may wait for what is
   * handed in next, so that a short response costs one commit: for a few milliseconds if they are
   * streamed, and a quarter of a second at most if nobody can ask for them yet.
   */
  CompletableFuture<Void> insert(NewResponse response);

  /**
   * Writes a new response under an owner's key, unless the owner has used that key already. Of
   * several that use it at once, on whatever nodes, one is written.
   *
   * @param key compared exactly; kept as long as the response
   * @param requestHash what to remember the request by
   * @return what the key was used for before; empty if the response has been written
   */
  Optional<Keyed> insertKeyed(NewResponse response, String key, byte[] requestHash);

  /**
   * Keeps what the call that made a response under a key was answered with instead of it.
   *
   * @param problem as JSON
   */
  void keepProblem(ResponseId id, String key, byte[] problem);

  /** What the owner has used this key for. */
  Optional<Keyed> findKeyed(Owner owner, String key);

  /**
   * Adds events to the log of a running response.
   *
   * @return {@link AppendOutcome#DONE}, or {@link AppendOutcome#FENCED} when the response has
   *     ended, was claimed by another run, or is gone: then this run is over
   */
  CompletableFuture<AppendOutcome> append(Append append);

  /**
   * The inner log of a response, from its first entry.
   *
   * @return empty if it has none, or there is no such response
   */
  List<byte[]> entries(ResponseId id);

  /** Ends a running response: terminal events, status and snapshot in one transaction. */
  CompletableFuture<EndOutcome> end(ResponseId id, Ending ending);

  /**
   * Ends a response that does not run on this node. In one transaction: locks the row, and if the
   * response has not ended, raises its epoch and writes what {@code plan} makes of its log, which
   * is read a little at a time. The epoch in the plan's answer is ignored.
   *
   * @param plan from the row and its whole log to the ending, or to null to leave it as it is; pure
   *     and quick, may be called again
   * @return {@link EndOutcome.Fenced} too if the plan leaves it as it is
   */
  EndOutcome endFromLog(ResponseId id, Function<OpenLog, @Nullable Ending> plan);

  /** Asks the node that runs this foreground response to cancel it; a hint, not an end. */
  void requestCancel(ResponseId id);

  /**
   * Finds a response of this owner; deleted ones are not found. It comes without its input, which
   * is empty, and an ended one without its request too.
   */
  Optional<StoredResponse> find(ResponseId id);

  /**
   * Reads the log after a sequence number.
   *
   * @param after the last sequence number already seen, -1 for all
   * @param limit how many events at most, roughly: whole chunks are read; fewer where they are
   *     large, but one at least if there is any
   * @return empty and ended if there is no such response
   */
  LogPage readLog(ResponseId id, long after, int limit);

  /**
   * Writes the log of a response that ended without one, so that from now on every reader gets the
   * same. Does nothing if it has a log, or had one.
   *
   * @param reconstruction from the snapshot to the whole log, the terminal event last; pure and
   *     quick, may be called again
   */
  void reconstruct(ResponseId id, Function<byte[], List<byte[]>> reconstruction);

  /**
   * One page of an owner's responses, by creation; foreground and background, running and ended.
   * They come without their inputs, which are empty, and ended ones without their requests too.
   *
   * @param maxBytes about how large the page may be in memory: it ends before the entry that would
   *     make it larger, but is never empty for that
   * @return empty if {@code after} or {@code before} names no response of this owner
   */
  Optional<Page<StoredResponse>> list(Owner owner, PageRequest page, long maxBytes);

  /** A response's own input items, a JSON array. */
  Optional<byte[]> input(ResponseId id);

  /**
   * The input and output of a response and of all before it in its chain; read once, stored by
   * reference. The chain ends early where an older one was deleted.
   *
   * @param maxBytes how large inputs and snapshots may be together
   */
  Chain chain(ResponseId id, long maxBytes);

  /**
   * Replaces a response's metadata, and in an ended one the snapshot too.
   *
   * @param metadata a JSON object
   * @param rewrite from the old snapshot to the one with the new metadata; not called while running
   * @return the response after the update as {@link #find} has it, empty if not found
   */
  Optional<StoredResponse> updateMetadata(
      ResponseId id, byte[] metadata, Function<byte[], byte[]> rewrite);

  /**
   * Hides an ended response for good; its rows are removed later.
   *
   * @return false if there is none, or if it has not ended
   */
  boolean delete(ResponseId id);

  /**
   * Takes background responses whose node has died, and waiting ones, for this node: status
   * in_progress, epoch + 1, a lease. Takes only what there is room for, so a queue or a tenant that
   * is full holds nobody up. Waiting ones by the {@linkplain antiphon.core.queue.Shares shares} of
   * their tiers; in a tier tenants take turns, those with the least running first; of a tenant the
   * oldest. If a call fails, what it may have claimed all the same is among what the next call of
   * this node claims. Several calls of a node at once get different ones.
   *
   * @param node who claims
   * @param room what it could run
   * @param lease how long without a {@link #heartbeat} until another node may claim it
   */
  Claim claim(String node, Room room, Duration lease);

  /** Claims so many, whatever they are. */
  default List<Claimed> claim(String node, int limit, Duration lease) {
    return claim(node, Room.of(limit), lease).claimed();
  }

  /**
   * Extends the leases of what runs here.
   *
   * @return those that are no longer this node's, or that were asked to cancel
   */
  List<Recalled> heartbeat(String node, Collection<RunKey> running, Duration lease);

  /**
   * Lets go of a background run that is to go on elsewhere: it can be claimed at once, and no node
   * counts as having died. Does nothing to one that has ended. Where another has claimed it because
   * its lease had run out, its node counts as alive all the same.
   */
  void release(RunKey run);

  /**
   * Lets a background response wait: nobody runs it, it has no lease, and it is claimed again when
   * it is {@linkplain #wake woken} or its time comes. What was appended before is durable first.
   *
   * @param until milliseconds since 1970, by the store's clock
   * @return false if the run has lost it
   */
  boolean park(RunKey run, long until);

  /**
   * Wakes a response that waits, once.
   *
   * @param entry the next one of its inner log
   */
  WakeOutcome wake(ResponseId id, byte[] entry);

  /**
   * Lets go of a background run that could not be brought on here though the store answers: it can
   * be claimed at once, and counts as if its node had died.
   */
  void expire(RunKey run);

  /** What this node runs as far as the store knows, background and foreground. */
  List<RunKey> held(String node);

  /** Foreground responses whose node has died and that nobody will finish. */
  List<ResponseId> orphans(int limit);

  /** How many responses are waiting to be claimed. */
  int queued();

  /** How many of them are this tenant's. */
  int queued(String tenant);

  /**
   * Removes a little of what need not be kept: responses and logs beyond their time, and the rows
   * of deleted responses. A response is hidden, or its log expired, before any row of it goes.
   *
   * @param batch how many rows of each kind at most
   * @return how many rows were changed; 0 when nothing is left to be done, below 0 while another
   *     node is doing it
   */
  int purge(Retention retention, int batch);

  /**
   * Asks whether the store works: whether it answers, and where the last write failed, whether it
   * writes again. For the health monitor alone; others fail at once while it is known not to.
   *
   * @throws StoreException if it does not
   */
  default void ping() {
    var _ = queued();
  }

  /** The loops that this store cannot do without. */
  default List<Pulse> loops() {
    return List.of();
  }

  /** Whether other processes may change what is kept here, so that memory alone proves nothing. */
  boolean shared();

  /** The store's clock: every node on the same store sees the same time, to a few milliseconds. */
  InstantSource clock();

  @Override
  void close();
}
