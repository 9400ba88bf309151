package antiphon.core.sandbox;

/** Takes what an execution says, as it says it. Called by the executing thread. */
public interface SandboxOutput {

  /** Where a text was written to. */
  enum Stream {
    STDOUT,
    STDERR
  }

  /** More text. */
  void text(Stream stream, String text) throws InterruptedException;

  /**
   * A picture.
   *
   * @param name of the file in the folder that holds it, empty if it could not be kept
   */
  default void picture(String name, byte[] png) throws InterruptedException {}
}
