package antiphon.engines.embedded.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The C functions of llama.cpp that are used, one method each. Nothing here checks its arguments:
 * {@link LlamaModel} and {@link LlamaContext} see to it that they are right, since a wrong one ends
 * the process.
 */
@SuppressWarnings("restricted")
public final class LlamaLibrary {

  private static @Nullable LlamaLibrary loaded;

  private final Semaphore readingTogether = new Semaphore(1, true);
  private final NativeLog log = new NativeLog();
  private final MemorySegment abortProbe;
  private final MethodHandle modelDefaults;
  private final MethodHandle contextDefaults;
  private final MethodHandle modelLoad;
  private final MethodHandle modelFree;
  private final MethodHandle modelVocab;
  private final MethodHandle modelParams;
  private final MethodHandle modelRecurrent;
  private final MethodHandle modelEncoder;
  private final MethodHandle vocabTokens;
  private final MethodHandle vocabAttributes;
  private final MethodHandle vocabEndOfGeneration;
  private final MethodHandle vocabBos;
  private final MethodHandle vocabEos;
  private final MethodHandle vocabAddBos;
  private final MethodHandle tokenToPiece;
  private final MethodHandle tokenize;
  private final MethodHandle contextInit;
  private final MethodHandle contextFree;
  private final MethodHandle contextLength;
  private final MethodHandle setAbort;
  private final MethodHandle sequenceRemove;
  private final MethodHandle usedCells;
  private final MethodHandle decode;
  private final MethodHandle logits;

  private LlamaLibrary(SymbolLookup symbols) throws LlamaUnavailableException {
    Linker linker = Linker.nativeLinker();
    Binder bind = new Binder(linker, symbols);
    modelDefaults = bind.function("llama_model_default_params", Layouts.MODEL_PARAMS);
    contextDefaults = bind.function("llama_context_default_params", Layouts.CONTEXT_PARAMS);
    checkVersion(bind);
    modelLoad = bind.function("llama_model_load_from_file", ADDRESS, ADDRESS, Layouts.MODEL_PARAMS);
    modelFree = bind.procedure("llama_model_free", ADDRESS);
    modelVocab = bind.function("llama_model_get_vocab", ADDRESS, ADDRESS);
    modelParams = bind.function("llama_model_n_params", JAVA_LONG, ADDRESS);
    modelRecurrent = bind.function("llama_model_is_recurrent", JAVA_BOOLEAN, ADDRESS);
    modelEncoder = bind.function("llama_model_has_encoder", JAVA_BOOLEAN, ADDRESS);
    vocabTokens = bind.function("llama_vocab_n_tokens", JAVA_INT, ADDRESS);
    vocabAttributes = bind.function("llama_vocab_get_attr", JAVA_INT, ADDRESS, JAVA_INT);
    vocabEndOfGeneration = bind.function("llama_vocab_is_eog", JAVA_BOOLEAN, ADDRESS, JAVA_INT);
    vocabBos = bind.function("llama_vocab_bos", JAVA_INT, ADDRESS);
    vocabEos = bind.function("llama_vocab_eos", JAVA_INT, ADDRESS);
    vocabAddBos = bind.function("llama_vocab_get_add_bos", JAVA_BOOLEAN, ADDRESS);
    tokenToPiece =
        bind.function(
            "llama_token_to_piece",
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_BOOLEAN);
    tokenize =
        bind.function(
            "llama_tokenize",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_BOOLEAN,
            JAVA_BOOLEAN);
    contextInit = bind.function("llama_init_from_model", ADDRESS, ADDRESS, Layouts.CONTEXT_PARAMS);
    contextFree = bind.procedure("llama_free", ADDRESS);
    contextLength = bind.function("llama_n_ctx", JAVA_INT, ADDRESS);
    setAbort = bind.procedure("llama_set_abort_callback", ADDRESS, ADDRESS, ADDRESS);
    sequenceRemove =
        bind.function("llama_kv_self_seq_rm", JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    usedCells = bind.function("llama_kv_self_used_cells", JAVA_INT, ADDRESS);
    decode = bind.function("llama_decode", JAVA_INT, ADDRESS, Layouts.BATCH);
    logits = bind.function("llama_get_logits_ith", ADDRESS, ADDRESS, JAVA_INT);
    // A C function of one pointer that reads a byte there and gives 0 or 1: llama.cpp asks it
    // before
    // each step of a computation whether to stop, and no step of that leads into Java.
    abortProbe = linker.defaultLookup().findOrThrow("strlen");
    start(bind, linker);
  }

  /**
   * The library, brought into the process at the first call. There is one for each process.
   *
   * @throws LlamaUnavailableException if it cannot be used here, saying what to do
   */
  public static synchronized LlamaLibrary get() throws LlamaUnavailableException {
    LlamaLibrary library = loaded;
    if (library == null) {
      library = new LlamaLibrary(NativeFile.open(Platform.current()));
      loaded = library;
    }
    return library;
  }

  private void start(Binder bind, Linker linker) {
    MethodHandle setLog = bind.procedure("llama_log_set", ADDRESS, ADDRESS);
    MethodHandle backendInit = bind.procedure("llama_backend_init");
    try {
      setLog.invokeExact(log.callback(linker), MemorySegment.NULL);
      backendInit.invokeExact();
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  private void checkVersion(Binder bind) throws LlamaUnavailableException {
    try (Arena arena = Arena.ofConfined()) {
      Layouts.check(
          bind.variable("LLAMA_BUILD_NUMBER"), modelDefaults(arena), contextDefaults(arena));
    }
  }

  /** Held by the one context that reads several tokens at once. */
  Semaphore readingTogether() {
    return readingTogether;
  }

  NativeLog log() {
    return log;
  }

  MemorySegment modelDefaults(Arena arena) {
    try {
      return (MemorySegment) modelDefaults.invokeExact((SegmentAllocator) arena);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  MemorySegment contextDefaults(Arena arena) {
    try {
      return (MemorySegment) contextDefaults.invokeExact((SegmentAllocator) arena);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  MemorySegment loadModel(MemorySegment path, MemorySegment params) {
    try {
      return (MemorySegment) modelLoad.invokeExact(path, params);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  void freeModel(MemorySegment model) {
    try {
      modelFree.invokeExact(model);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  MemorySegment vocab(MemorySegment model) {
    try {
      return (MemorySegment) modelVocab.invokeExact(model);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  long parameters(MemorySegment model) {
    try {
      return (long) modelParams.invokeExact(model);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  boolean recurrent(MemorySegment model) {
    return flag(modelRecurrent, model);
  }

  boolean hasEncoder(MemorySegment model) {
    return flag(modelEncoder, model);
  }

  int tokens(MemorySegment vocab) {
    return number(vocabTokens, vocab);
  }

  int bos(MemorySegment vocab) {
    return number(vocabBos, vocab);
  }

  int eos(MemorySegment vocab) {
    return number(vocabEos, vocab);
  }

  boolean addsBos(MemorySegment vocab) {
    return flag(vocabAddBos, vocab);
  }

  int attributes(MemorySegment vocab, int token) {
    try {
      return (int) vocabAttributes.invokeExact(vocab, token);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  boolean endsGeneration(MemorySegment vocab, int token) {
    try {
      return (boolean) vocabEndOfGeneration.invokeExact(vocab, token);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  int piece(MemorySegment vocab, int token, MemorySegment out, boolean special) {
    try {
      return (int) tokenToPiece.invokeExact(vocab, token, out, (int) out.byteSize(), 0, special);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  int tokenize(MemorySegment vocab, MemorySegment text, int bytes, MemorySegment out, int room) {
    try {
      return (int) tokenize.invokeExact(vocab, text, bytes, out, room, false, false);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  MemorySegment newContext(MemorySegment model, MemorySegment params) {
    try {
      return (MemorySegment) contextInit.invokeExact(model, params);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  void freeContext(MemorySegment context) {
    try {
      contextFree.invokeExact(context);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  int contextLength(MemorySegment context) {
    return number(contextLength, context);
  }

  int usedCells(MemorySegment context) {
    return number(usedCells, context);
  }

  /**
   * Lets llama.cpp stop computing as soon as the byte at {@code flag} is not 0; the next must be.
   */
  void watch(MemorySegment context, MemorySegment flag) {
    try {
      setAbort.invokeExact(context, abortProbe, flag);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  boolean removeFrom(MemorySegment context, int position) {
    try {
      return (boolean) sequenceRemove.invokeExact(context, 0, position, -1);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  int decode(MemorySegment context, MemorySegment batch) {
    try {
      return (int) decode.invokeExact(context, batch);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  MemorySegment lastLogits(MemorySegment context) {
    try {
      return (MemorySegment) logits.invokeExact(context, -1);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  private static int number(MethodHandle handle, MemorySegment of) {
    try {
      return (int) handle.invokeExact(of);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  private static boolean flag(MethodHandle handle, MemorySegment of) {
    try {
      return (boolean) handle.invokeExact(of);
    } catch (Throwable t) {
      throw fault(t);
    }
  }

  private static RuntimeException fault(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("A native call failed in Java.", thrown);
  }

  /** Finds functions by name. */
  private record Binder(Linker linker, SymbolLookup symbols) {

    MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
      return linker.downcallHandle(
          symbols.findOrThrow(name), FunctionDescriptor.of(result, parameters));
    }

    MethodHandle procedure(String name, MemoryLayout... parameters) {
      return linker.downcallHandle(
          symbols.findOrThrow(name), FunctionDescriptor.ofVoid(parameters));
    }

    int variable(String name) {
      return symbols.findOrThrow(name).reinterpret(Integer.BYTES).get(JAVA_INT, 0);
    }
  }
}
