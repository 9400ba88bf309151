package antiphon.engines.embedded.chat;

import antiphon.engines.embedded.decode.TokenLogprob;
import java.util.List;

/** Something the model said, as far as it is understood already. */
public sealed interface Said {

  /** Words for the reader. */
  record Words(String text, List<TokenLogprob> logprobs) implements Said {
    public Words {
      logprobs = List.copyOf(logprobs);
    }
  }

  /** The model thinks aloud. */
  record Thought(String text) implements Said {}

  /** A call of this tool begins. */
  record CallBegins(String name) implements Said {}

  /** More of the call's arguments, as JSON. */
  record CallArguments(String text) implements Said {}

  /** The call is complete. */
  record CallEnds() implements Said {}
}
