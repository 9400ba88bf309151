package antiphon.core.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param end in which way
 * @param exitCode of a command that ended by itself; 128 and the signal if it was killed
 * @param error a cell's traceback, or why something died
 * @param stateKept whether Python's variables are still there
 * @param fresh whether they had been lost before it began, and nobody had been told
 * @param dropped characters that were over the limit
 */
public record Execution(
    End end,
    @Nullable Integer exitCode,
    @Nullable String error,
    boolean stateKept,
    boolean fresh,
    long dropped) {

  /** The ways. */
  public enum End {
    /** It ran through; a command may still have failed. */
    DONE,
    /** A cell raised an error. */
    ERROR,
    /** Its time was over. */
    TIMEOUT,
    /** It took too much memory. */
    MEMORY,
    /** Its process died of itself. */
    DIED
  }
}
