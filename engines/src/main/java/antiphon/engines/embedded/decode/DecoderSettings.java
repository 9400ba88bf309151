package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.gguf.Gguf;

/**
 * How much of the machine the decoder may use.
 *
 * @param slots how many sequences have memory at once; further ones wait in line
 * @param contextLength the tokens each of them may hold
 * @param parallel how many sequences compute at the same moment; the others wait for their turn
 * @param threads how many threads compute for one sequence. More than one is for large models on
 *     idle machines: where other work needs the cores, the threads of a sequence wait for each
 *     other busily. The number shows in the last digits of what is computed
 * @param batch the most prompt tokens read in one step
 */
public record DecoderSettings(int slots, int contextLength, int parallel, int threads, int batch) {

  public static final int DEFAULT_SLOTS = 4;
  public static final int DEFAULT_BATCH = 128;
  private static final int LEAST_CONTEXT = 2_048;

  public DecoderSettings {
    if (slots < 1 || slots > 256) {
      throw new IllegalArgumentException("slots must be 1 to 256, not " + slots);
    }
    if (contextLength < 8) {
      throw new IllegalArgumentException("contextLength must be at least 8, not " + contextLength);
    }
    if (parallel < 1 || parallel > slots) {
      throw new IllegalArgumentException("parallel must be 1 to " + slots + ", not " + parallel);
    }
    if (threads < 1 || threads > 512) {
      throw new IllegalArgumentException("threads must be 1 to 512, not " + threads);
    }
    if (batch < 8 || batch > 4096) {
      throw new IllegalArgumentException("batch must be 8 to 4096, not " + batch);
    }
  }

  /**
   * What suits a model on a machine: the context the model was trained for; where that would take
   * more than a quarter of the memory fewer slots, then a shorter context.
   *
   * @param slots how many sequences are wanted
   * @param cores how many threads may compute at once
   * @param memory the bytes the machine, or the container, has
   */
  public static DecoderSettings suiting(Gguf model, int slots, int cores, long memory) {
    long tokens = Math.max(LEAST_CONTEXT, memory / 4 / Math.max(1, model.bytesPerToken()));
    int context = (int) Math.min(model.contextLength(), tokens);
    return of(Math.clamp(tokens / context, 1, slots), context, cores);
  }

  private static DecoderSettings of(int slots, int contextLength, int cores) {
    int parallel = Math.min(slots, cores);
    return new DecoderSettings(slots, contextLength, parallel, cores / parallel, DEFAULT_BATCH);
  }

  /** The same with so many slots, for as many threads. */
  public DecoderSettings withSlots(int count) {
    return of(count, contextLength, parallel * threads);
  }

  /** The same with so many tokens for each sequence. */
  public DecoderSettings withContextLength(int tokens) {
    return new DecoderSettings(slots, tokens, parallel, threads, batch);
  }
}
