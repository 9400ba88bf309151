package antiphon.core.log;

import antiphon.core.call.Progress;
import antiphon.core.log.ResponseState.HalfMessage;
import antiphon.core.response.ResponseId;
import antiphon.protocol.item.Item;
import antiphon.protocol.response.Usage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of a running response behind the lock of its log, and what can be asked of it. */
abstract class GuardedState {

  final ReentrantLock lock = new ReentrantLock();

  /** Only to be touched under the lock. */
  final ResponseState state;

  GuardedState(ResponseState state) {
    this.state = state;
  }

  public ResponseId id() {
    return state.id();
  }

  /** The model, as its engine calls it, that serves the response. */
  public @Nullable String servingModel() {
    return locked(state::servingModel);
  }

  /** The engine that serves the response. */
  public @Nullable String provider() {
    return locked(state::provider);
  }

  /** What the engine itself called the model at the end of a turn. */
  public void servedAs(String model) {
    exclusively(() -> state.servedBy(model, state.provider()));
  }

  /** The message that a run before this one left half-done, if its log ends inside one. */
  public @Nullable HalfMessage halfMessage() {
    return locked(state::halfMessage);
  }

  /** The output items that are done. */
  public List<Item> finished() {
    return locked(state::finished);
  }

  /** The same as the model is to see it. */
  public List<Item> told() {
    return locked(state::told);
  }

  /** How far the run has come. */
  public Progress progress() {
    return locked(() -> state.calls().progress());
  }

  /** What the response has used so far. */
  public Usage usage() {
    return locked(state::usage);
  }

  /** Where the next output item goes. */
  public int nextOutputIndex() {
    return locked(state::nextOutputIndex);
  }

  /** Says what the response has used so far. */
  public void used(Usage usage) {
    exclusively(() -> state.used(usage));
  }

  /**
   * Replaces the metadata in what this log makes of the response.
   *
   * @param version of the metadata in the store; what is older than what is known already changes
   *     nothing
   */
  public void metadata(Map<String, String> metadata, long version) {
    exclusively(() -> state.metadata(metadata, version));
  }

  /** The version of the metadata that this log knows. */
  public long metadataVersion() {
    return locked(state::metadataVersion);
  }

  final <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  final void exclusively(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
