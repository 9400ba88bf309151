package antiphon.http.wire;

import antiphon.core.api.Keys;
import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets in who has a key, and says on whose behalf. */
public final class Authenticator {

  private static final String ON_BEHALF_OF = "X-On-Behalf-Of";
  private static final String SCHEME = "bearer ";

  private final Keys keys;

  public Authenticator(Keys keys) {
    this.keys = keys;
  }

  /** The same handler behind the key. */
  public Handler guard(Handler handler) {
    return exchange -> {
      String tenant = tenant(exchange);
      exchange.authenticated(new Owner(tenant, endUser(exchange)));
      handler.handle(exchange);
    };
  }

  private String tenant(Exchange exchange) {
    List<String> given = exchange.headers("authorization");
    if (given.isEmpty()) {
      throw unauthorized(
          exchange, "No API key was given. Send it as 'Authorization: Bearer <key>'.");
    }
    String header = given.getFirst();
    boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String key = bearer ? header.substring(SCHEME.length()).strip() : "";
    if (given.size() > 1 || key.isEmpty()) {
      throw unauthorized(
          exchange, "The Authorization header must be 'Bearer <key>', once.");
    }
    return keys.authenticate(key)
        .orElseThrow(() -> unauthorized(exchange, "The API key is not valid."));
  }

  private static Refused unauthorized(Exchange exchange, String message) {
    exchange.header("www-authenticate", "Bearer");
    return new Refused(401, message, "invalid_api_key");
  }

  private static @Nullable String endUser(Exchange exchange) {
    List<String> given = exchange.headers(ON_BEHALF_OF);
    if (given.size() > 1) {
      throw Rejected.invalid(ON_BEHALF_OF, "The header X-On-Behalf-Of is given more than once.");
    }
    if (given.isEmpty() || given.getFirst().isEmpty()) {
      return null;
    }
    String user = given.getFirst();
    boolean printable = user.chars().noneMatch(Character::isISOControl);
    if (user.length() > Owner.MAX_END_USER || !printable) {
      throw Rejected.invalid(
          ON_BEHALF_OF,
          "Invalid 'X-On-Behalf-Of': must be 1 to 256 printable characters.");
    }
    return user;
  }
}
