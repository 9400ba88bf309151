package antiphon.engines.llamacpp;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model that llama.cpp's server is to run, and how.
 *
 * @param id the name that requests use
 * @param file its GGUF file
 * @param contextLength tokens that each response may have; null for what the model was trained for,
 *     shared by all responses
 * @param slots how many responses it writes at once
 * @param threads how many threads compute
 * @param gpuLayers how many layers lie on a GPU; null leaves it to llama.cpp
 * @param batch how many tokens of a prompt are read in one go, which is how long a cancel may wait;
 *     null to find it out
 * @param mmproj the part that sees images, or null
 * @param draft a smaller model that guesses ahead, or null
 * @param args anything else: options of {@code llama-server} by their long names, or parameters of
 *     the Python package by theirs; an empty value is a flag
 */
public record LlamaModel(
    String id,
    Path file,
    @Nullable Integer contextLength,
    int slots,
    int threads,
    @Nullable Integer gpuLayers,
    @Nullable Integer batch,
    @Nullable Path mmproj,
    @Nullable Path draft,
    Map<String, String> args) {

  /** How many responses a model writes at once, unless told otherwise. */
  public static final int SLOTS = 4;

  public LlamaModel {
    args = Map.copyOf(args);
    if (slots < 1 || threads < 1) {
      throw new IllegalArgumentException("slots and threads must be at least 1");
    }
  }

  /** A file with everything else as it comes, called by its name without the ending. */
  public static LlamaModel of(Path file) {
    return new LlamaModel(
        idOf(file), file, null, SLOTS, usualThreads(), null, null, null, null, Map.of());
  }

  /** The name of a model that is given as a file alone. */
  public static String idOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Half of the processors: the others have the server and whatever else runs. llama.cpp's threads
   * wait for each other at every step, so that one too many makes all of them slow.
   */
  public static int usualThreads() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /** The same settings for another file, under its name. */
  public LlamaModel at(Path otherFile) {
    return new LlamaModel(
        idOf(otherFile),
        otherFile,
        contextLength,
        slots,
        threads,
        gpuLayers,
        batch,
        mmproj,
        draft,
        args);
  }

  /** The same, reading so many tokens in one go. */
  LlamaModel reading(int tokens) {
    return new LlamaModel(
        id, file, contextLength, slots, threads, gpuLayers, tokens, mmproj, draft, args);
  }
}
