package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.llama.LlamaContext;
import antiphon.engines.embedded.llama.LlamaException;
import antiphon.engines.embedded.llama.LlamaModel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place for one sequence. It keeps what the last one has read, so that a prompt that begins alike
 * need not be read anew. The memory is taken at the first use.
 *
 * <p>A token read alone and the same token read among others leave slightly different numbers
 * behind (one product of matrices is computed another way for a single row), while it makes no
 * difference among how many. Prompts are always read two tokens at a time or more, drawn tokens
 * always alone. So a prompt gives the same numbers always if nothing that was drawn before is
 * reused for it.
 */
final class Slot {

  private final LlamaModel model;
  private final DecoderSettings settings;
  private @Nullable LlamaContext context;
  private boolean stopped;
  private int[] tokens = {};
  private int length;
  private int readTogether;
  private long lastUsed;

  Slot(LlamaModel model, DecoderSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  /**
   * How many tokens of a prompt need not be read, from the first on. The last two always are: one
   * to draw from, one so that it is not read alone.
   *
   * @param exact whether only what has been read together counts
   */
  int reusable(int[] prompt, boolean exact) {
    int most = Math.min(exact ? readTogether : length, prompt.length - 2);
    for (int i = 0; i < most; i++) {
      if (prompt[i] != tokens[i]) {
        return i;
      }
    }
    return Math.max(0, most);
  }

  /** How many tokens it keeps. */
  int length() {
    return length;
  }

  long lastUsed() {
    return lastUsed;
  }

  void used(long when) {
    lastUsed = when;
  }

  /** Whether its memory has been taken. */
  synchronized boolean isPrepared() {
    return context != null;
  }

  /**
   * Takes its memory, which may take some tenths of a second.
   *
   * @throws LlamaException if there is not enough
   */
  void prepare() throws LlamaException {
    LlamaContext taken =
        new LlamaContext(model, settings.contextLength(), settings.batch(), settings.threads());
    synchronized (this) {
      context = taken;
      if (stopped) {
        taken.stop();
      }
    }
  }

  /** Its memory, once {@link #prepare() prepared}. */
  LlamaContext context() {
    return Objects.requireNonNull(context);
  }

  /**
   * Remembers what the sequence that now leaves has read.
   *
   * @param sequence its tokens
   * @param prompt how many of them were its prompt
   * @param reused how many of those it found here
   */
  void keep(int[] sequence, int prompt, int reused) {
    LlamaContext known = context;
    tokens = sequence;
    length = known == null ? 0 : known.length();
    readTogether = Math.min(length, reused <= readTogether ? prompt : readTogether);
  }

  /** Stops the computation that runs here, if one does. */
  synchronized void stop() {
    stopped = true;
    if (context != null) {
      context.stop();
    }
  }

  /** Lets computations run again. */
  synchronized void go() {
    stopped = false;
    if (context != null) {
      context.go();
    }
  }

  void close() {
    if (context != null) {
      context.close();
    }
  }
}
