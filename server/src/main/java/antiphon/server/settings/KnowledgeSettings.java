package antiphon.server.settings;

/**
 * Files and what is made of them.
 *
 * @param maxFileMib the longest file, in MiB
 */
public record KnowledgeSettings(int maxFileMib) {

  static final int MAX_FILE = 64 * 1024;

  /** What holds where nothing is set. */
  public static final KnowledgeSettings DEFAULT = new KnowledgeSettings(512);

  public KnowledgeSettings {
    Check.range("knowledge.max_file_mib", maxFileMib, 1, MAX_FILE);
  }

  /** The longest file, in bytes. */
  public long maxFileBytes() {
    return maxFileMib * 1024L * 1024;
  }
}
