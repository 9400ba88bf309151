package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import java.util.List;

/** What a reader of a live log gets. */
public sealed interface LogRead {

  /** Events; empty if none came in time. {@code last}: nothing will follow. */
  record Events(List<EncodedEvent> events, boolean last) implements LogRead {}

  /** What comes next is in the store alone; what comes after that is here again. */
  record Older() implements LogRead {}

  /** The rest is to be read from the store. */
  record Elsewhere() implements LogRead {}
}
