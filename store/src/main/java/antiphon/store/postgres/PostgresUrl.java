package antiphon.store.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, as PostgreSQL writes it: {@code
 * postgresql://user:password@host:port/database} with the driver's parameters behind a question
 * mark.
 *
 * @param jdbc the driver's address, without user and password
 * @param user the user, or null for the driver's default
 * @param password the password, or null
 */
record PostgresUrl(String jdbc, @Nullable String user, @Nullable String password) {

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none; the message holds no password
   */
  static PostgresUrl parse(String text) {
    URI uri = uri(text);
    String scheme = uri.getScheme();
    boolean known = "postgresql".equals(scheme) || "postgres".equals(scheme);
    String authority = uri.getRawAuthority();
    if (!known || authority == null) {
      throw new IllegalArgumentException(
          "a PostgreSQL address begins with postgresql:// and a host");
    }
    int at = authority.lastIndexOf('@');
    String[] login = authority.substring(0, Math.max(0, at)).split(":", 2);
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new PostgresUrl(
        "jdbc:postgresql://" + authority.substring(at + 1) + path + query,
        login[0].isEmpty() ? null : decoded(login[0]),
        login.length < 2 ? null : decoded(login[1]));
  }

  private static URI uri(String text) {
    try {
      return new URI(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a PostgreSQL address: " + e.getReason());
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return jdbc;
  }
}
