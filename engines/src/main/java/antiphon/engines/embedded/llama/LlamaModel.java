package antiphon.engines.embedded.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import antiphon.engines.embedded.gguf.Gguf;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A loaded model: weights and vocabulary, shared by all its contexts. Safe for many threads. It is
 * freed when it and all its contexts have been closed.
 */
public final class LlamaModel implements AutoCloseable {

  private final LlamaLibrary library;
  private final Gguf gguf;
  private final MemorySegment handle;
  private final MemorySegment vocab;
  private final Vocabulary vocabulary;
  private boolean closed;
  private boolean freed;
  private int users;

  private LlamaModel(LlamaLibrary library, Gguf gguf, MemorySegment handle) {
    this.library = library;
    this.gguf = gguf;
    this.handle = handle;
    this.vocab = library.vocab(handle);
    this.vocabulary = readVocabulary();
  }

  /**
   * Loads a model; takes a moment for each gigabyte.
   *
   * @throws IOException if the file cannot be read or is no whole GGUF model
   * @throws LlamaException if llama.cpp does not know this kind of model, or memory is short
   */
  public static LlamaModel load(LlamaLibrary library, Path file)
      throws IOException, LlamaException {
    Gguf gguf = Gguf.read(file);
    library.log().forget();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = library.modelDefaults(arena);
      // An empty list of devices: the processor alone, also where a graphics library is built in.
      Layouts.setAddress(
          Layouts.MODEL_PARAMS, params, "devices", arena.allocate(ValueLayout.ADDRESS, 1));
      MemorySegment path = arena.allocateFrom(file.toAbsolutePath().toString());
      MemorySegment handle = library.loadModel(path, params);
      if (handle.equals(MemorySegment.NULL)) {
        throw new LlamaException(
            "llama.cpp cannot load " + file + ": " + library.log().complaints());
      }
      if (library.recurrent(handle) || library.hasEncoder(handle)) {
        library.freeModel(handle);
        throw new LlamaException(
            file
                + " is a "
                + gguf.architecture()
                + " model; the embedded engine runs decoder-only transformers.");
      }
      return new LlamaModel(library, gguf, handle);
    }
  }

  private Vocabulary readVocabulary() {
    int size = library.tokens(vocab);
    byte[][] texts = new byte[size][];
    int[] attributes = new int[size];
    boolean[] ends = new boolean[size];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(1024);
      for (int token = 0; token < size; token++) {
        texts[token] = text(token, room, arena);
        attributes[token] = library.attributes(vocab, token);
        ends[token] = library.endsGeneration(vocab, token);
      }
    }
    return new Vocabulary(
        texts, attributes, ends, library.bos(vocab), library.eos(vocab), library.addsBos(vocab));
  }

  private byte[] text(int token, MemorySegment room, Arena arena) {
    MemorySegment out = room;
    int bytes = library.piece(vocab, token, out, true);
    if (bytes < 0) {
      out = arena.allocate(-bytes);
      bytes = library.piece(vocab, token, out, true);
    }
    return out.asSlice(0, Math.max(0, bytes)).toArray(JAVA_BYTE);
  }

  /** What its file says of it. */
  public Gguf gguf() {
    return gguf;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** How many weights it has. */
  public long parameters() {
    use();
    try {
      return library.parameters(handle);
    } finally {
      release();
    }
  }

  /**
   * Splits plain text into tokens; nothing in it is taken as a control token.
   *
   * <p>Takes about a second for each megabyte, in native code: not for virtual threads.
   */
  public Tokens tokenize(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0) {
      return Tokens.of();
    }
    use();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocateFrom(JAVA_BYTE, bytes);
      int room = bytes.length + 16;
      MemorySegment out = arena.allocate(JAVA_INT, room);
      int count = library.tokenize(vocab, in, bytes.length, out, room);
      if (count < 0) {
        room = -count;
        out = arena.allocate(JAVA_INT, room);
        count = library.tokenize(vocab, in, bytes.length, out, room);
      }
      return Tokens.of(out.asSlice(0, (long) count * Integer.BYTES).toArray(JAVA_INT));
    } finally {
      release();
    }
  }

  LlamaLibrary library() {
    return library;
  }

  MemorySegment newContext(int contextLength, int maxBatch, int threads) throws LlamaException {
    use();
    MemorySegment context = MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = library.contextDefaults(arena);
      Layouts.setInt(Layouts.CONTEXT_PARAMS, params, "n_ctx", contextLength);
      Layouts.setInt(Layouts.CONTEXT_PARAMS, params, "n_batch", maxBatch);
      Layouts.setInt(Layouts.CONTEXT_PARAMS, params, "n_ubatch", maxBatch);
      Layouts.setInt(Layouts.CONTEXT_PARAMS, params, "n_threads", threads);
      Layouts.setInt(Layouts.CONTEXT_PARAMS, params, "n_threads_batch", threads);
      library.log().forget();
      context = library.newContext(handle, params);
      if (context.equals(MemorySegment.NULL)) {
        throw new LlamaException(
            "There is no memory for a context of "
                + contextLength
                + " tokens: "
                + library.log().complaints());
      }
      return context;
    } finally {
      if (context.equals(MemorySegment.NULL)) {
        release();
      }
    }
  }

  void contextClosed() {
    release();
  }

  private synchronized void use() {
    if (closed) {
      throw new IllegalStateException("The model has been closed.");
    }
    users++;
  }

  private synchronized void release() {
    users--;
    freeIfUnused();
  }

  private void freeIfUnused() {
    if (closed && users == 0 && !freed) {
      freed = true;
      library.freeModel(handle);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    freeIfUnused();
  }
}
