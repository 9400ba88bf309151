package antiphon.tools.websearch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which pages a request allows. */
final class Domains {

  private Domains() {}

  /** Whether it is the address of a page. */
  static boolean isWeb(String url) {
    return host(url) != null;
  }

  /** Whether a page may be shown: its host is one of these domains, or below one; any if none. */
  static boolean allows(List<String> domains, String url) {
    String host = host(url);
    return host != null
        && (domains.isEmpty()
            || domains.stream().anyMatch(one -> host.equals(one) || host.endsWith("." + one)));
  }

  /** A domain as it is compared; null if it is none. */
  static @Nullable String read(String text) {
    String domain =
        text.strip().toLowerCase(Locale.ROOT).replaceFirst("^https?://", "").replaceFirst("/$", "");
    return domain.length() <= 253 && domain.matches("[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
        ? domain
        : null;
  }

  private static @Nullable String host(String url) {
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      String host = uri.getHost();
      return host != null && (scheme.equals("https") || scheme.equals("http"))
          ? host.toLowerCase(Locale.ROOT)
          : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }
}
