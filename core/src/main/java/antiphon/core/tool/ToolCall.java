package antiphon.core.tool;

import org.jspecify.annotations.Nullable;

/**
 * A call to be run.
 *
 * @param itemId the id of its item in the output
 * @param outputIndex where that is
 * @param callId the call's own id; unique in the run
 * @param function the function that was called
 * @param arguments as the model wrote them, JSON if it did well
 * @param attempt 1 for the first time
 * @param wake why a call that {@linkplain ToolOutcome.Waits waited} goes on; null if it did not
 *     wait
 */
public record ToolCall(
    String itemId,
    int outputIndex,
    String callId,
    String function,
    String arguments,
    int attempt,
    @Nullable Wake wake) {

  /**
   * Why a waiting call goes on.
   *
   * @param state what the call left behind for itself
   * @param message what it was woken with; null if its time has come
   */
  public record Wake(String state, @Nullable String message) {}
}
