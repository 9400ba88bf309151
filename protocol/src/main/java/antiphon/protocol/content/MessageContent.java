package antiphon.protocol.content;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** What a message says: a plain text, or parts. */
public sealed interface MessageContent {

  /** A plain text, as it came. */
  record Text(@JsonValue String text) implements MessageContent {}

  /** Parts in order. */
  record Parts(List<ContentPart> parts) implements MessageContent {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** A plain text. */
  static MessageContent of(String text) {
    return new Text(text);
  }

  /** Parts in order. */
  static MessageContent of(List<ContentPart> parts) {
    return new Parts(parts);
  }
}
