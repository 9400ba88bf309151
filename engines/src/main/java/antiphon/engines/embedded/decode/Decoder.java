package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.llama.LlamaException;
import antiphon.engines.embedded.llama.LlamaModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets several sequences take turns at one model. Each turn is a step: a part of the prompt read,
 * or one token drawn; so a long prompt delays the others by one step at a time. Sequences without a
 * place wait in the order they came.
 *
 * <p>The computing is done by a few platform threads of its own; no caller is ever in native code.
 */
public final class Decoder implements AutoCloseable {

  private static final GenerationEvent.Over CLOSING =
      new GenerationEvent.Failed("The embedded engine has been closed.");
  private static final Logger log = LoggerFactory.getLogger(Decoder.class);

  private final LlamaModel model;
  private final DecoderSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final Deque<Sequence> ready = new ArrayDeque<>();
  private final List<Slot> idle = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private final List<Thread> workers = new ArrayList<>();
  private boolean readingTogether;
  private long turns;
  private long cancelled;
  private boolean closed;

  /**
   * What the decoder is doing.
   *
   * @param waiting sequences without a place
   * @param active sequences that have one
   * @param cancelled sequences that have been dropped since the start
   */
  public record Load(int waiting, int active, long cancelled) {}

  /**
   * Takes the memory of one place; the others take theirs at their first use.
   *
   * @param model stays the caller's to close, after this
   * @throws LlamaException if there is not enough memory for one place
   */
  public Decoder(LlamaModel model, DecoderSettings settings) throws LlamaException {
    this.model = model;
    this.settings = settings;
    for (int i = 0; i < settings.slots(); i++) {
      slots.add(new Slot(model, settings));
    }
    slots.getFirst().prepare();
    idle.addAll(slots);
    for (int i = 0; i < settings.parallel(); i++) {
      workers.add(
          Thread.ofPlatform().daemon().name("antiphon-decoder-" + i).start(this::workUntilClosed));
    }
  }

  public DecoderSettings settings() {
    return settings;
  }

  /**
   * Begins a sequence, at once if there is a place for it.
   *
   * @throws PromptTooLongException if the prompt leaves no room in the context; nothing was
   *     computed
   * @throws IllegalStateException if the decoder has been closed
   */
  public Generation start(GenerationRequest request) throws PromptTooLongException {
    if (request.prompt().size() >= settings.contextLength()) {
      throw new PromptTooLongException(request.prompt().size(), true, settings.contextLength());
    }
    Sequence sequence = new Sequence(request, model.vocabulary(), settings.contextLength(), this);
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("The decoder has been closed.");
      }
      waiting.add(sequence);
      seatNext();
    } finally {
      lock.unlock();
    }
    return sequence.generation();
  }

  public Load load() {
    lock.lock();
    try {
      return new Load(waiting.size(), slots.size() - idle.size(), cancelled);
    } finally {
      lock.unlock();
    }
  }

  void cancel(Sequence sequence) {
    lock.lock();
    try {
      switch (sequence.state) {
        case WAITING -> {
          waiting.remove(sequence);
          leave(sequence, new GenerationEvent.Cancelled());
        }
        case READY -> {
          ready.remove(sequence);
          leave(sequence, new GenerationEvent.Cancelled());
        }
        // Nothing is computed for it yet; the worker will see to its place.
        case SETTLING -> over(sequence, new GenerationEvent.Cancelled());
        case RUNNING -> {
          sequence.cancelled = true;
          Objects.requireNonNull(sequence.slot).stop();
        }
        case OVER -> {}
      }
    } finally {
      lock.unlock();
    }
  }

  private void workUntilClosed() {
    Pace pace = new Pace(settings.batch());
    float[] logits = new float[model.vocabulary().size()];
    for (Sequence next = take(pace); next != null; next = take(pace)) {
      boolean readTogether = next.readsTogether();
      GenerationEvent.Over over =
          Objects.requireNonNull(next.slot).isPrepared() ? step(next, pace, logits) : settle(next);
      giveBack(next, readTogether, over);
    }
  }

  /** Waits for the next sequence whose turn it is; null when the decoder closes. */
  private @Nullable Sequence take(Pace pace) {
    lock.lock();
    try {
      Sequence next = nextReady();
      while (next == null && !closed) {
        work.awaitUninterruptibly();
        next = nextReady();
      }
      if (next == null || closed) {
        return null;
      }
      ready.remove(next);
      readingTogether |= next.readsTogether();
      Slot slot = Objects.requireNonNull(next.slot);
      next.state = slot.isPrepared() ? Sequence.State.RUNNING : Sequence.State.SETTLING;
      pace.shared(!ready.isEmpty());
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Among those whose turn it is, only one at a time may be reading several tokens at once. */
  private @Nullable Sequence nextReady() {
    for (Sequence sequence : ready) {
      if (!readingTogether || !sequence.readsTogether()) {
        return sequence;
      }
    }
    return null;
  }

  private void giveBack(
      Sequence sequence, boolean readTogether, GenerationEvent.@Nullable Over over) {
    lock.lock();
    try {
      if (readTogether) {
        readingTogether = false;
        work.signalAll();
      }
      if (sequence.state == Sequence.State.OVER) {
        vacate(sequence);
      } else if (sequence.cancelled) {
        leave(sequence, new GenerationEvent.Cancelled());
      } else if (closed) {
        leave(sequence, CLOSING);
      } else if (over != null) {
        leave(sequence, over);
      } else {
        sequence.state = Sequence.State.READY;
        ready.add(sequence);
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private static GenerationEvent.@Nullable Over settle(Sequence sequence) {
    try {
      Objects.requireNonNull(sequence.slot).prepare();
      return null;
    } catch (LlamaException e) {
      log.warn("No place for a sequence: {}", e.getMessage());
      return new GenerationEvent.Failed(Objects.requireNonNullElse(e.getMessage(), ""));
    }
  }

  private static GenerationEvent.@Nullable Over step(Sequence sequence, Pace pace, float[] logits) {
    try {
      return sequence.step(pace, logits);
    } catch (LlamaException e) {
      log.warn("A sequence failed: {}", e.getMessage());
      return new GenerationEvent.Failed(Objects.requireNonNullElse(e.getMessage(), ""));
    } catch (RuntimeException | Error e) {
      // The others go on.
      log.error("A sequence failed unexpectedly.", e);
      return new GenerationEvent.Failed("The embedded engine failed: " + e);
    }
  }

  /** Ends a sequence that nothing computes for and gives its place to the next. Under the lock. */
  private void leave(Sequence sequence, GenerationEvent.Over over) {
    over(sequence, over);
    vacate(sequence);
  }

  private void over(Sequence sequence, GenerationEvent.Over over) {
    sequence.state = Sequence.State.OVER;
    if (over instanceof GenerationEvent.Cancelled) {
      cancelled++;
    }
    sequence.generation().tell(over);
  }

  private void vacate(Sequence sequence) {
    Slot slot = sequence.slot;
    if (slot != null) {
      slot.keep(sequence.tokens(), sequence.promptTokens(), sequence.cachedTokens());
      slot.used(++turns);
      idle.add(slot);
      seatNext();
    }
  }

  private void seatNext() {
    while (!closed && !idle.isEmpty() && !waiting.isEmpty()) {
      Sequence next = waiting.remove();
      Slot slot = choose(next.tokens(), next.exact());
      idle.remove(slot);
      slot.go();
      next.take(slot);
      next.state = Sequence.State.READY;
      ready.add(next);
      work.signal();
    }
  }

  /**
   * The place that has read most of this prompt already, if that is the better part of the prompt
   * or of what the place keeps; else one that keeps nothing, else the one unused for longest.
   */
  private Slot choose(int[] prompt, boolean exact) {
    Slot best =
        Collections.max(idle, Comparator.comparingInt(slot -> slot.reusable(prompt, exact)));
    int reusable = best.reusable(prompt, exact);
    if (reusable > 0 && reusable * 2 >= Math.min(best.length(), prompt.length)) {
      return best;
    }
    return Collections.min(
        idle,
        Comparator.comparing((Slot slot) -> slot.length() > 0)
            .thenComparing(slot -> !slot.isPrepared())
            .thenComparingLong(Slot::lastUsed));
  }

  /** Drops all sequences, waits for the workers and frees the places. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      List<Sequence> all = new ArrayList<>(waiting);
      all.addAll(ready);
      waiting.clear();
      ready.clear();
      all.forEach(sequence -> leave(sequence, CLOSING));
      slots.forEach(Slot::stop);
      work.signalAll();
    } finally {
      lock.unlock();
    }
    for (Thread worker : workers) {
      join(worker);
    }
    slots.forEach(Slot::close);
  }

  private static void join(Thread worker) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
