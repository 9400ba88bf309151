package antiphon.engines.llamacpp;

import antiphon.engines.chat.ChatCompletionsEngine;
import java.time.Instant;

/** Where a model's child is in its life. */
sealed interface ChildState {

  /** None is there, and none is wanted until somebody asks. */
  record Idle() implements ChildState {}

  /** One is loading its model. */
  record Starting() implements ChildState {}

  /**
   * One serves.
   *
   * @param chat speaks with it
   * @param calls whether the model was taught to call tools
   * @param since when it was ready
   */
  record Running(Child child, ChatCompletionsEngine chat, boolean calls, Instant since)
      implements ChildState {}

  /**
   * One has failed; the next is not started before a time.
   *
   * @param cause in words for the client
   * @param until when to try again
   */
  record Failed(String cause, Instant until) implements ChildState {}

  /** There will be none any more. */
  record Closed() implements ChildState {}
}
