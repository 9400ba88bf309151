package antiphon.engines.embedded.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory of one sequence: what the model has read so far, ready to read on from there.
 *
 * <p>Used by one thread at a time; only {@link #stop} may be called from any. Each sequence has its
 * own context rather than a share of one, because llama.cpp b4916, when a computation is stopped,
 * forgets positions of every sequence in the context, and because in a shared one each sequence
 * pays for the length of all others.
 */
public final class LlamaContext implements AutoCloseable {

  /** How a call of {@link #read} ended. */
  public enum Outcome {
    /** The tokens have been read. */
    READ,
    /** {@link #stop} came; the context is as before the call, or shorter. */
    STOPPED
  }

  private static final int OK = 0;
  private static final int ABORTED = 2;

  private final LlamaModel model;
  private final LlamaLibrary library;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment handle;
  private final MemorySegment stopFlag;
  private final MemorySegment batch;
  private final MemorySegment tokens;
  private final MemorySegment positions;
  private final MemorySegment wanted;
  private final int capacity;
  private final int maxBatch;
  private int length;
  private boolean closed;

  /**
   * @param model what is to be read by
   * @param contextLength tokens it can hold
   * @param maxBatch the most tokens in one call of {@link #read}
   * @param threads how many compute for it
   * @throws LlamaException if there is not enough memory
   */
  public LlamaContext(LlamaModel model, int contextLength, int maxBatch, int threads)
      throws LlamaException {
    this.model = model;
    this.library = model.library();
    this.maxBatch = maxBatch;
    this.handle = model.newContext(contextLength, maxBatch, threads);
    this.capacity = Math.min(contextLength, library.contextLength(handle));
    this.stopFlag = arena.allocate(64, 64);
    this.tokens = arena.allocate(JAVA_INT, maxBatch);
    this.positions = arena.allocate(JAVA_INT, maxBatch);
    this.wanted = arena.allocate(maxBatch);
    this.batch = newBatch();
    library.watch(handle, stopFlag);
  }

  private MemorySegment newBatch() {
    MemorySegment sequenceCounts = arena.allocate(JAVA_INT, maxBatch);
    MemorySegment sequences = arena.allocate(ADDRESS, maxBatch);
    MemorySegment zero = arena.allocate(JAVA_INT, 1);
    for (int i = 0; i < maxBatch; i++) {
      sequenceCounts.setAtIndex(JAVA_INT, i, 1);
      sequences.setAtIndex(ADDRESS, i, zero);
    }
    MemorySegment struct = arena.allocate(Layouts.BATCH);
    Layouts.setAddress(Layouts.BATCH, struct, "token", tokens);
    Layouts.setAddress(Layouts.BATCH, struct, "pos", positions);
    Layouts.setAddress(Layouts.BATCH, struct, "n_seq_id", sequenceCounts);
    Layouts.setAddress(Layouts.BATCH, struct, "seq_id", sequences);
    Layouts.setAddress(Layouts.BATCH, struct, "logits", wanted);
    return struct;
  }

  /** How many tokens it can hold. */
  public int capacity() {
    return capacity;
  }

  /** How many tokens it holds. */
  public int length() {
    return length;
  }

  /**
   * Reads tokens after those it holds.
   *
   * @param from where the tokens are
   * @param begin the first of them
   * @param count how many, at most the batch and the room left
   * @param last whether the model's word on what comes next is wanted, see {@link #logits}
   * @throws LlamaException if the library fails; the context is empty then
   */
  public Outcome read(int[] from, int begin, int count, boolean last) throws LlamaException {
    if (closed || count < 1 || count > maxBatch || length + count > capacity) {
      throw new IllegalStateException(
          "Cannot read " + count + " tokens after " + length + " of " + capacity + ".");
    }
    for (int i = 0; i < count; i++) {
      int token = from[begin + i];
      if (token < 0 || token >= model.vocabulary().size()) {
        throw new IllegalArgumentException("There is no token " + token + ".");
      }
      tokens.setAtIndex(JAVA_INT, i, token);
      positions.setAtIndex(JAVA_INT, i, length + i);
      wanted.set(JAVA_BYTE, i, (byte) (last && i == count - 1 ? 1 : 0));
    }
    Layouts.setInt(Layouts.BATCH, batch, "n_tokens", count);
    int code = count == 1 ? library.decode(handle, batch) : decodeTogether();
    return switch (code) {
      case OK -> {
        length += count;
        yield Outcome.READ;
      }
      case ABORTED -> {
        truncate(length);
        yield Outcome.STOPPED;
      }
      default -> {
        truncate(0);
        throw new LlamaException("The model failed to compute (code " + code + ").");
      }
    };
  }

  /**
   * Reading several tokens at once is done by one context at a time in this process: llama.cpp
   * b4916 keeps a counter of that computation in a static variable, and two of them would leave out
   * parts of each other's result. A token read alone does not come by there.
   */
  private int decodeTogether() {
    while (!acquire(library.readingTogether())) {
      if (stopFlag.get(JAVA_BYTE, 0) != 0) {
        return ABORTED;
      }
    }
    try {
      return library.decode(handle, batch);
    } finally {
      library.readingTogether().release();
    }
  }

  private static boolean acquire(Semaphore semaphore) {
    boolean interrupted = Thread.interrupted();
    try {
      return semaphore.tryAcquire(2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Forgets everything from this position on; may forget more if the library's books differ. */
  public void truncate(int keep) {
    if (closed) {
      return;
    }
    length = Math.min(length, keep);
    library.removeFrom(handle, length);
    if (length > 0 && library.usedCells(handle) != length) {
      length = 0;
      library.removeFrom(handle, 0);
    }
  }

  /**
   * Copies the model's word on the next token after the last {@link #read} that asked for it.
   *
   * @param into as long as the vocabulary; takes the unnormalised log likelihood of each token
   */
  @SuppressWarnings("restricted")
  public void logits(float[] into) throws LlamaException {
    MemorySegment from = library.lastLogits(handle);
    if (from.equals(MemorySegment.NULL)) {
      throw new LlamaException("The model gave no answer.");
    }
    MemorySegment whole = from.reinterpret((long) into.length * Float.BYTES);
    MemorySegment.copy(whole, JAVA_FLOAT, 0, into, 0, into.length);
  }

  /** Makes the running and any later {@link #read} stop at once, from any thread. */
  public void stop() {
    flag((byte) 1);
  }

  /** Takes {@link #stop} back. */
  public void go() {
    flag((byte) 0);
  }

  private void flag(byte value) {
    stopFlag.set(JAVA_BYTE, 0, value);
    VarHandle.fullFence();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      library.freeContext(handle);
      model.contextClosed();
    }
  }
}
