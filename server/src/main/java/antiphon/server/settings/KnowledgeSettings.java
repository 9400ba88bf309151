package antiphon.server.settings;

import antiphon.core.vector.Chunking;
import org.jspecify.annotations.Nullable;

/**
 * Files and what is made of them.
 *
 * @param maxFileMib the longest file, in MiB
 * @param indexing how many files are indexed at a time
 * @param parseSeconds how long a file may take to be read
 * @param embeddings an embedding model beside the built-in one, and before it; null for none
 */
public record KnowledgeSettings(
    int maxFileMib, int indexing, int parseSeconds, @Nullable Embeddings embeddings) {

  static final int MAX_FILE = 64 * 1024;

  /** What holds where nothing is set. */
  public static final KnowledgeSettings DEFAULT = new KnowledgeSettings(512, 2, 120, null);

  public KnowledgeSettings {
    Check.range("knowledge.max_file_mib", maxFileMib, 1, MAX_FILE);
    Check.range("knowledge.indexing", indexing, 1, 64);
    Check.range("knowledge.parse_seconds", parseSeconds, 1, 3600);
  }

  /** The longest file, in bytes. */
  public long maxFileBytes() {
    return maxFileMib * 1024L * 1024;
  }

  /**
   * An engine that offers {@code /v1/embeddings}.
   *
   * @param url up to {@code /v1}
   * @param model as the engine knows it
   * @param apiKey null for none
   * @param chunkTokens how long chunks are, unless a request says otherwise
   * @param chunkOverlapTokens how much they overlap
   */
  public record Embeddings(
      String url, String model, @Nullable String apiKey, int chunkTokens, int chunkOverlapTokens) {

    static final int TOKENS = 800;
    static final int OVERLAP = 400;

    public Embeddings {
      Check.range(
          "knowledge.embeddings.chunk_tokens",
          chunkTokens,
          Chunking.LEAST_TOKENS,
          Chunking.MOST_TOKENS);
      Check.range(
          "knowledge.embeddings.chunk_overlap_tokens", chunkOverlapTokens, 0, chunkTokens / 2);
    }
  }
}
