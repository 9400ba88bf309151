package antiphon.protocol.item;

import antiphon.protocol.content.ContentPart;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** What a tool gave back: text, or parts such as images. */
public sealed interface ToolOutput {

  /** Text, as it came. */
  record Text(@JsonValue String text) implements ToolOutput {}

  /** Several parts. */
  record Parts(List<ContentPart> parts) implements ToolOutput {
    public Parts {
      parts = List.copyOf(parts);
    }
  }
}
