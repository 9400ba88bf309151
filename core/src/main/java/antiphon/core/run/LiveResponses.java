package antiphon.core.run;

import antiphon.core.log.LiveLog;
import antiphon.core.log.Outcome;
import antiphon.core.response.ResponseId;
import antiphon.core.store.RunKey;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stored responses that run on this node. Those with {@code store: false} are in no registry.
 *
 * <p>What ends or changes a response finds its log here from the moment its run is claimed. Readers
 * are answered from memory only while it cannot say otherwise than the store: not before the claim
 * has been {@linkplain #confirm confirmed}, and not while the row is changed {@linkplain #aside
 * past} the log.
 */
public final class LiveResponses {

  private final ConcurrentHashMap<ResponseId, Entry> logs = new ConcurrentHashMap<>();

  /** How many changes of its row are under way that its log does not make itself. */
  private final ConcurrentHashMap<ResponseId, Integer> changing = new ConcurrentHashMap<>();

  /** Runs that this node has stopped without an end, and whether the store was to blame. */
  private final ConcurrentHashMap<RunKey, Boolean> dropped = new ConcurrentHashMap<>();

  /** Runs that were stopped because the store was out of touch, and have not been forgotten yet. */
  private final Set<RunKey> stopped = ConcurrentHashMap.newKeySet();

  private volatile boolean cutOff;

  /**
   * @param confirmed whether it was seen in the store, after it could be found here, that the run
   *     holds
   */
  private record Entry(LiveLog log, boolean confirmed) {}

  /** Adds the log of a response that begins here; nobody else can have it. */
  public void add(LiveLog log) {
    put(new Entry(log, true));
  }

  /** Adds the log of a claimed response: who ends it finds it, readers do not yet. */
  void expect(LiveLog log) {
    put(new Entry(log, false));
  }

  /** A later run of the same response replaces an earlier one, which is lost. */
  private void put(Entry entry) {
    Entry earlier = logs.put(entry.log().id(), entry);
    if (earlier != null) {
      earlier.log().lose();
    }
  }

  /**
   * The claim was seen to hold since the log could be found here.
   *
   * @return false if it was ended or replaced meanwhile: the run is not to begin
   */
  boolean confirm(LiveLog log) {
    return logs.replace(log.id(), new Entry(log, false), new Entry(log, true));
  }

  /**
   * Its run is over: from now on the store tells all there is. One that came to no end here is
   * {@linkplain #drop dropped}.
   */
  public void forget(LiveLog log) {
    RunKey run = new RunKey(log.id(), log.epoch());
    // It may come here late, when the store is back.
    boolean blameless = stopped.remove(run) || cutOff;
    Entry entry = logs.get(log.id());
    if (entry != null && entry.log() == log && logs.remove(log.id(), entry)) {
      if (log.outcome() instanceof Outcome.Lost(boolean silent)) {
        drop(run, silent && blameless);
      }
    }
  }

  /**
   * This node does not run it any more, and the store may not know.
   *
   * @param blameless whether that was because the store could not be reached
   */
  public void drop(RunKey run, boolean blameless) {
    dropped.merge(run, blameless, Boolean::logicalOr);
  }

  /** What was dropped and has not been settled; whether it is blameless. */
  Map<RunKey, Boolean> dropped() {
    return Map.copyOf(dropped);
  }

  /** The store knows that it does not run here. */
  void settled(RunKey run) {
    dropped.remove(run);
  }

  /** Whether this node has lost its leases, or is about to: then nothing may run or begin. */
  boolean isCutOff() {
    return cutOff;
  }

  /** The leases can be kept, or not any more: that stops all that runs. */
  void cutOff(boolean now) {
    cutOff = now;
    if (now) {
      // Each by itself: a log may be waiting for the store in this moment.
      all()
          .forEach(log -> {
            stopped.add(new RunKey(log.id(), log.epoch()));
            Thread.ofVirtual().name("cut-off-", 0).start(log::cutOff);
          });
    }
  }

  /** The log of this response, if it runs here: to end or to follow it. */
  public @Nullable LiveLog find(ResponseId id) {
    Entry entry = logs.get(id);
    return entry == null ? null : entry.log();
  }

  /** The same, if readers may be answered from it; else the store is to be asked. */
  public @Nullable LiveLog believed(ResponseId id) {
    // In this order: a change that is over by then has told the log, or had it forgotten.
    if (changing.containsKey(id)) {
      return null;
    }
    Entry entry = logs.get(id);
    return entry == null || !entry.confirmed() ? null : entry.log();
  }

  /**
   * Changes the row of a response past its log, if it has one here; until that is over readers are
   * sent to the store. The log has to be told before, by the change itself.
   */
  public <T> T aside(ResponseId id, Supplier<T> change) {
    changing.merge(id, 1, Integer::sum);
    try {
      return change.get();
    } catch (RuntimeException | Error e) {
      // Nobody knows what was written: memory proves nothing any more.
      logs.computeIfPresent(id, (_, entry) -> new Entry(entry.log(), false));
      throw e;
    } finally {
      changing.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The store has ended it: stops its run, if it has one here. */
  void ended(ResponseId id) {
    Entry entry = logs.remove(id);
    if (entry != null) {
      entry.log().lose();
    }
  }

  /** All that run here. */
  Collection<LiveLog> all() {
    return logs.values().stream().map(Entry::log).toList();
  }

  /** The log that a run of this node writes, if it still does. */
  @Nullable LiveLog find(RunKey run) {
    LiveLog log = find(run.id());
    return log != null && log.epoch() == run.epoch() ? log : null;
  }
}
