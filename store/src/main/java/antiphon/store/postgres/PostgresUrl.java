package antiphon.store.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, as PostgreSQL writes it: {@code
 * postgresql://user:password@host:port/database} with the driver's parameters behind a question
 * mark.
 *
 * @param jdbc the driver's address: hosts and database alone, nothing that is secret
 * @param parameters for the driver, user and password among them
 */
record PostgresUrl(String jdbc, Map<String, String> parameters) {

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^\\s:@\\[\\]]*)(:\\d+)?");

  PostgresUrl {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none; the message holds nothing of it
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
    String hosts = authority.substring(at + 1);
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    if (uri.getRawFragment() != null || path.indexOf('@') >= 0 || !hosts(hosts)) {
      throw unencoded();
    }
    Map<String, String> parameters = parameters(uri.getRawQuery());
    String[] login = authority.substring(0, Math.max(0, at)).split(":", 2);
    if (!login[0].isEmpty()) {
      parameters.put("user", decoded(login[0]));
    }
    if (login.length == 2) {
      parameters.put("password", decoded(login[1]));
    }
    return new PostgresUrl("jdbc:postgresql://" + hosts + path, parameters);
  }

  private static URI uri(String text) {
    try {
      return new URI(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "not a PostgreSQL address: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }

  private static boolean hosts(String hosts) {
    for (String host : hosts.split(",", -1)) {
      if (!HOST.matcher(host).matches()) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = parameter.indexOf('=');
      if (equals <= 0) {
        throw unencoded();
      }
      parameters.put(
          decoded(parameter.substring(0, equals)), decoded(parameter.substring(equals + 1)));
    }
    return parameters;
  }

  /** Part of a password would be taken for something else, and told to whoever reads the log. */
  private static IllegalArgumentException unencoded() {
    return new IllegalArgumentException(
        "not a PostgreSQL address: in user and password each of / ? # @ : % is to be written as"
            + " %2F %3F %23 %40 %3A %25");
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw unencoded();
    }
  }

  @Override
  public String toString() {
    return jdbc;
  }
}
