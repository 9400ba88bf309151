package antiphon.core.create;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Keyed;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * What a client names a create by, so that it can be sent again when the answer was lost: the same
 * key and request give the same response, the same key with another request is refused.
 *
 * @param value the header's value
 * @param requestHash of the request as it was understood: spaces and the order of fields in its
 *     JSON do not matter
 */
public record IdempotencyKey(String value, byte[] requestHash) {

  /** The header. */
  public static final String HEADER = "Idempotency-Key";

  private static final Pattern VALID =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?");

  /**
   * The key of a request.
   *
   * @throws Rejected 400 if the key is not 1 to 255 printable ASCII characters, or if nothing will
   *     be stored that it could lead to
   */
  public static IdempotencyKey of(String value, CreateResponse request) {
    if (!VALID.matcher(value).matches()) {
      throw Rejected.invalid(
          HEADER, "Invalid '" + HEADER + "': must be 1 to 255 printable ASCII characters.");
    }
    if (Boolean.FALSE.equals(request.store())) {
      throw Rejected.invalid(
          HEADER, "'" + HEADER + "' needs a stored response: with store: false nothing is kept.");
    }
    return new IdempotencyKey(value, hash(request));
  }

  /**
   * Makes sure that what the key was used for before was this request.
   *
   * @throws Rejected 409 if not
   */
  public void requireSameRequest(Keyed before) {
    if (!MessageDigest.isEqual(requestHash, before.requestHash())) {
      throw new Rejected(
          new Problem.Conflict(
              "This '" + HEADER + "' has been used with another request: use a new one.", HEADER));
    }
  }

  /** The response that the key made is no longer there. */
  public static Rejected deleted() {
    return new Rejected(
        new Problem.Conflict(
            "The response that was made with this '" + HEADER + "' has been deleted.", HEADER));
  }

  private static byte[] hash(CreateResponse request) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Json.bytes(request));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
