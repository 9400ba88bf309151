package antiphon.engines.embedded.decode;

import java.util.List;

/** Something that happened to a sequence. */
public sealed interface GenerationEvent {

  /**
   * More text.
   *
   * @param text whole characters, never empty
   * @param logprobs of the tokens that ended in this text, if they were asked for
   */
  record Text(String text, List<TokenLogprob> logprobs) implements GenerationEvent {
    public Text {
      logprobs = List.copyOf(logprobs);
    }
  }

  /** The sequence is over and its memory free for the next. */
  sealed interface Over extends GenerationEvent {}

  /** It came to its end. */
  record Ended(Reason reason) implements Over {}

  /** It was cancelled. */
  record Cancelled() implements Over {}

  /** It broke off, for a reason that is no fault of the request. */
  record Failed(String message) implements Over {}

  /** Why a sequence ended. */
  enum Reason {
    /** The model ended its turn, or the grammar allows nothing more. */
    END_OF_TURN,
    /** A stop string came. */
    STOP_STRING,
    /** It has drawn as many tokens as it was to. */
    MAX_TOKENS,
    /** Its context is full. */
    CONTEXT_FULL
  }
}
