package antiphon.tools.websearch;

import antiphon.tools.websearch.PageFetcher.Fetched;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What a page links to.
 *
 * @param kept whether the page lets itself be indexed
 * @param urls addresses of the web, each once
 */
record Links(boolean kept, List<String> urls) {

  private static final int MOST = 5000;

  static Links of(Fetched page) {
    Document read;
    try {
      read =
          Jsoup.parse(
              new ByteArrayInputStream(page.body()),
              page.charset() == null ? null : page.charset().name(),
              page.url());
    } catch (IOException e) {
      throw new UncheckedIOException("bytes can be read", e);
    }
    Element said = read.selectFirst("meta[name=robots]");
    String robots = said == null ? "" : said.attr("content").toLowerCase(Locale.ROOT);
    boolean none = robots.contains("none");
    List<String> urls =
        none || robots.contains("nofollow")
            ? List.of()
            : read.select("a[href]").stream()
                .filter(link -> !link.attr("rel").contains("nofollow"))
                .map(link -> plain(link.absUrl("href")))
                .filter(Domains::isWeb)
                .distinct()
                .limit(MOST)
                .toList();
    return new Links(!none && !robots.contains("noindex"), urls);
  }

  /** An address without what follows its {@code #}. */
  static String plain(String url) {
    int fragment = url.indexOf('#');
    return fragment < 0 ? url : url.substring(0, fragment);
  }

  /** Whether a page is in the same folder of the same site as the first one, or below it. */
  static boolean within(URI first, String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException _) {
      return false;
    }
    String path = first.getRawPath() == null ? "" : first.getRawPath();
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    return Objects.equals(lower(first.getScheme()), lower(uri.getScheme()))
        && Objects.equals(lower(first.getRawAuthority()), lower(uri.getRawAuthority()))
        && (uri.getRawPath() == null ? "" : uri.normalize().getRawPath()).startsWith(folder);
  }

  private static String lower(String part) {
    return String.valueOf(part).toLowerCase(Locale.ROOT);
  }
}
