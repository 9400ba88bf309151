package antiphon.engines.model;

/** Told how far a download has come. */
@FunctionalInterface
public interface Progress {

  /**
   * More has come.
   *
   * @param done bytes so far
   * @param total bytes in all
   */
  void at(long done, long total);
}
