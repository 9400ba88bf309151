package antiphon.http.error;

import antiphon.protocol.error.ErrorBody;
import antiphon.protocol.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is an error.
 *
 * @param status the HTTP status
 * @param message for people
 * @param type the family, e.g. {@code invalid_request_error}
 * @param param the field or parameter to blame, or null
 * @param code the reason for programs, or null
 * @param headers further headers, by lower-case name
 */
public record ErrorReply(
    int status,
    String message,
    String type,
    @Nullable String param,
    @Nullable String code,
    Map<String, String> headers) {

  static final String INVALID_REQUEST = "invalid_request_error";
  static final String SERVER_ERROR = "server_error";

  public ErrorReply {
    headers = Map.copyOf(headers);
  }

  /** The JSON body. */
  public byte[] body() {
    return Json.bytes(ErrorBody.of(message, type, param, code));
  }
}
