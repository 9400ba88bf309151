package antiphon.protocol.content;

import com.fasterxml.jackson.annotation.JsonValue;

/** A bare string among a message's parts, which MKA1's contract allows. */
public record PlainText(@JsonValue String text) implements ContentPart {

  @Override
  public String type() {
    return "text";
  }
}
