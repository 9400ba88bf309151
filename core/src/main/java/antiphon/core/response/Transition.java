package antiphon.core.response;

import antiphon.protocol.response.ResponseStatus;
import java.util.Optional;

/** What can happen to a response, and what status follows. */
public sealed interface Transition {

  /** A node takes it from the queue, or takes it over from a dead node. */
  record Claim() implements Transition {}

  /** Somebody cancelled it, or its client has left. */
  record Cancel() implements Transition {}

  /** The model is done. */
  record Complete() implements Transition {}

  /**
   * The model was stopped early.
   *
   * @param reason {@code max_output_tokens}, {@code content_filter} or {@code steered}
   */
  record Curtail(String reason) implements Transition {}

  /** It cannot go on. */
  record Fail(Problem problem) implements Transition {}

  /**
   * The status that follows, or empty if this cannot happen to a response in this status: once it
   * has ended nothing moves it, and one that never ran cannot complete.
   */
  default Optional<ResponseStatus> from(ResponseStatus now) {
    if (now.isTerminal()) {
      return Optional.empty();
    }
    return switch (this) {
      case Claim _ -> Optional.of(ResponseStatus.IN_PROGRESS);
      case Cancel _ -> Optional.of(ResponseStatus.CANCELLED);
      case Fail _ -> Optional.of(ResponseStatus.FAILED);
      case Complete _ -> ifRunning(now, ResponseStatus.COMPLETED);
      case Curtail _ -> ifRunning(now, ResponseStatus.INCOMPLETE);
    };
  }

  private static Optional<ResponseStatus> ifRunning(ResponseStatus now, ResponseStatus next) {
    return now == ResponseStatus.IN_PROGRESS ? Optional.of(next) : Optional.empty();
  }
}
