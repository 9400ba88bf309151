package antiphon.http;

import antiphon.core.api.Keys;
import antiphon.core.key.Principal;
import antiphon.core.response.Owner;
import antiphon.http.error.Refusal;
import antiphon.http.route.Caller;
import antiphon.http.wire.Exchange;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who calls: the account of the bearer key, and the end user it acts for. */
final class Authentication {

  private static final String ON_BEHALF_OF = "X-On-Behalf-Of";
  private static final CharSequence ON_BEHALF_OF_NAME =
      HttpHeaders.createOptimized("x-on-behalf-of");
  private static final String SCHEME = "bearer";

  private final Keys keys;

  Authentication(Keys keys) {
    this.keys = keys;
  }

  /**
   * Who calls, if its key works.
   *
   * @throws Refusal 401 without a good key, 400 for a bad end user
   */
  Caller caller(Exchange exchange) {
    String key = key(exchange);
    Principal principal =
        keys.authenticate(key)
            .orElseThrow(() -> Refusal.unauthorized("Incorrect API key provided."))
            .actingFor(endUser(exchange.headers(ON_BEHALF_OF_NAME)));
    return new Caller(principal, whenRevoked -> keys.watch(key, whenRevoked));
  }

  private static String key(Exchange exchange) {
    List<String> values = exchange.headers(HttpHeaders.AUTHORIZATION);
    if (values.size() == 1) {
      String value = values.getFirst().strip();
      int length = SCHEME.length();
      if (value.length() > length
          && value.regionMatches(true, 0, SCHEME, 0, length)
          && value.charAt(length) == ' ') {
        return value.substring(length).strip();
      }
    }
    throw Refusal.unauthorized(
        "You didn't provide an API key. Send it in the header 'Authorization: Bearer <key>'.");
  }

  private static @Nullable String endUser(List<String> values) {
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw badEndUser("must be given once");
    }
    String value = utf8(values.getFirst().strip());
    if (value.isEmpty()) {
      return null;
    }
    if (value.codePointCount(0, value.length()) > Owner.MAX_END_USER) {
      throw badEndUser("must have at most " + Owner.MAX_END_USER + " characters");
    }
    if (!value.codePoints().allMatch(Authentication::printable)) {
      throw badEndUser("must have printable characters only");
    }
    return value;
  }

  /** Header values come one byte to a character. */
  private static String utf8(String value) {
    if (value.chars().allMatch(c -> c < 0x80)) {
      return value;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException _) {
      throw badEndUser("must be UTF-8");
    }
  }

  private static boolean printable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static Refusal badEndUser(String rule) {
    return Refusal.badRequest(ON_BEHALF_OF, "Invalid '" + ON_BEHALF_OF + "': " + rule + ".");
  }
}
