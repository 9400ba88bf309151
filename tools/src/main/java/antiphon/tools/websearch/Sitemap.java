package antiphon.tools.websearch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/**
 * A list of a site's pages (sitemaps.org).
 *
 * @param pages their addresses
 * @param maps addresses of more such lists
 */
record Sitemap(List<String> pages, List<String> maps) {

  /** What one may have, says the protocol. */
  private static final int MOST_BYTES = 50 << 20;

  private static final int MOST_PAGES = 50_000;

  /** More than one site has. */
  private static final int MOST_MAPS = 200;

  private static final int LOOK = 2048;

  /** Reads one, maybe compressed; empty for anything else. */
  static Optional<Sitemap> read(byte[] body) {
    byte[] plain = plain(body);
    String head = new String(plain, 0, Math.min(LOOK, plain.length), StandardCharsets.ISO_8859_1);
    if (!head.contains("<urlset") && !head.contains("<sitemapindex")) {
      return Optional.empty();
    }
    Document xml;
    try {
      xml = Jsoup.parse(new ByteArrayInputStream(plain), null, "", Parser.xmlParser());
    } catch (IOException _) {
      return Optional.empty();
    }
    return xml.selectFirst("urlset, sitemapindex") == null
        ? Optional.empty()
        : Optional.of(
            new Sitemap(
                places(xml, "urlset > url > loc", MOST_PAGES),
                places(xml, "sitemapindex > sitemap > loc", MOST_MAPS)));
  }

  private static List<String> places(Document xml, String path, int most) {
    return xml.select(path).stream()
        .map(place -> Links.plain(place.text().strip()))
        .filter(Domains::isWeb)
        .distinct()
        .limit(most)
        .toList();
  }

  private static byte[] plain(byte[] body) {
    if (body.length < 2 || body[0] != (byte) 0x1f || body[1] != (byte) 0x8b) {
      return body;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readNBytes(MOST_BYTES);
    } catch (IOException _) {
      return body;
    }
  }
}
