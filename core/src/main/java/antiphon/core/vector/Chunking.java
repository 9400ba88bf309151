package antiphon.core.vector;

/**
 * How a file is cut.
 *
 * @param auto whether the server has chosen the numbers
 * @param maxTokens of a chunk
 * @param overlapTokens that two neighbours have in common, at most
 */
public record Chunking(boolean auto, int maxTokens, int overlapTokens) {

  public static final int LEAST_TOKENS = 100;
  public static final int MOST_TOKENS = 4096;

  public Chunking {
    if (maxTokens < LEAST_TOKENS || maxTokens > MOST_TOKENS) {
      throw new IllegalArgumentException("maxTokens: 100 to 4096");
    }
    if (overlapTokens < 0 || overlapTokens > maxTokens / 2) {
      throw new IllegalArgumentException("overlapTokens: at most half of maxTokens");
    }
  }
}
