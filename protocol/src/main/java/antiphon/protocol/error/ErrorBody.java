package antiphon.protocol.error;

import antiphon.protocol.json.AlwaysWritten;
import org.jspecify.annotations.Nullable;

/** The body of every answer that is an error. */
public record ErrorBody(Detail error) {

  /** All four are always written. */
  public record Detail(
      String message,
      String type,
      @AlwaysWritten @Nullable String param,
      @AlwaysWritten @Nullable String code) {}

  /** An error body. */
  public static ErrorBody of(
      String message, String type, @Nullable String param, @Nullable String code) {
    return new ErrorBody(new Detail(message, type, param, code));
  }
}
