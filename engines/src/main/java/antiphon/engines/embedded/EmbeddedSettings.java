package antiphon.engines.embedded;

import antiphon.engines.embedded.decode.DecoderSettings;
import antiphon.engines.embedded.gguf.Gguf;
import org.jspecify.annotations.Nullable;

/**
 * How much of the machine the embedded engine may use.
 *
 * @param sequences how many sequences run at once, each with a memory of its own; where null leaves
 *     the context length open, fewer if the machine's memory is short
 * @param threads how many threads compute at once: up to one for each sequence, more for each only
 *     where there are more threads than sequences; null for half of the processors
 * @param contextLength the tokens of a sequence; null for what the model was trained for, or less
 *     where that would take more than a quarter of the machine's memory
 */
public record EmbeddedSettings(
    int sequences, @Nullable Integer threads, @Nullable Integer contextLength) {

  /** What suits most machines. */
  public static final EmbeddedSettings DEFAULT =
      new EmbeddedSettings(DecoderSettings.DEFAULT_SLOTS, null, null);

  /**
   * What this means for a model on a machine.
   *
   * @param memory the bytes the machine, or the container, has
   * @param processors how many it has
   * @throws IllegalArgumentException naming what is out of range
   */
  DecoderSettings forModel(Gguf model, long memory, int processors) {
    DecoderSettings suiting =
        DecoderSettings.suiting(
            model, sequences, threads == null ? Math.max(1, processors / 2) : threads, memory);
    return contextLength == null
        ? suiting
        : suiting
            .withSlots(sequences)
            .withContextLength(Math.min(contextLength, model.contextLength()));
  }
}
