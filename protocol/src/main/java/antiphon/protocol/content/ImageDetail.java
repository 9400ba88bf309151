package antiphon.protocol.content;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How closely the model looks at an image. A hint: whatever word comes is taken and shown as it is.
 *
 * @param wire the word on the wire
 */
public record ImageDetail(@JsonValue String wire) {

  public static final ImageDetail HIGH = new ImageDetail("high");
  public static final ImageDetail LOW = new ImageDetail("low");
  public static final ImageDetail AUTO = new ImageDetail("auto");
  public static final ImageDetail ORIGINAL = new ImageDetail("original");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ImageDetail {}
}
