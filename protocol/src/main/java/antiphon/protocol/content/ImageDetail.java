package antiphon.protocol.content;

import com.fasterxml.jackson.annotation.JsonValue;

/** How closely the model looks at an image. */
public enum ImageDetail {
  HIGH("high"),
  LOW("low"),
  AUTO("auto"),
  ORIGINAL("original");

  private final String wire;

  ImageDetail(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
