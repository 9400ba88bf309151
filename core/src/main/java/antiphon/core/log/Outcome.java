package antiphon.core.log;

import antiphon.core.response.Problem;
import antiphon.protocol.response.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What came of a response on this node. */
public sealed interface Outcome {

  /**
   * It ended here, for good.
   *
   * @param status how
   * @param snapshot the response
   * @param problem why, if it failed
   */
  record Ended(ResponseStatus status, byte[] snapshot, @Nullable Problem problem)
      implements Outcome {}

  /**
   * It ended elsewhere, runs elsewhere now, or the store was lost: only the store knows.
   *
   * @param silent whether the store was lost, and cannot be asked now either
   */
  record Lost(boolean silent) implements Outcome {}
}
