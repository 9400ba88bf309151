package antiphon.tools.websearch;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.net.AddressGuard;
import antiphon.testkit.upstream.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SiteReaderTest {

  private final FakeUpstream site = new FakeUpstream(this::serve);
  private final String base = "http://" + URI.create(site.url()).getAuthority();
  private final Map<String, String> pages = new LinkedHashMap<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();

  private void serve(Request request, Answer answer) throws IOException {
    String path = request.path();
    switch (path) {
      case "/robots.txt" -> answer.status(200, "text/plain", "User-agent: *\nDisallow: /docs/no");
      case "/docs/" ->
          answer.status(
              200,
              "text/html",
              """
              <title>Docs</title><p>First</p><a href="one.html#top">1</a> <a href="one.html">1</a>
              <a href="/docs/two.txt">2</a> <a href="/elsewhere">up</a> <a href="no/x">no</a>
              <a href="http://127.0.0.1:1/docs/">out</a> <a href="https://example.com/docs/">out</a>
              <a href="quiet.html">q</a> <a href="gone.html">g</a> <a href="picture">p</a>
              <a href="../secret">s</a> <a href="away.html">a</a> <a href="javascript:x()">j</a>
              <a rel="nofollow" href="followed-not.html">f</a>
              """);
      case "/docs/one.html" ->
          answer.status(200, "text/html", "<p>One</p><a href='deep.html'>d</a><a href='./'>up</a>");
      case "/docs/deep.html" -> answer.status(200, "text/html; charset=iso-8859-1", "<p>Deep</p>");
      case "/docs/two.txt" -> answer.status(200, "text/plain; charset=utf-8", "Two");
      case "/docs/quiet.html" ->
          answer.status(
              200,
              "text/html",
              "<meta name='robots' content='noindex, nofollow'><a href='unseen.html'>u</a>");
      case "/docs/picture" -> answer.status(200, "image/png", "x");
      case "/docs/away.html" -> answer.status(302, "text/html", "", "Location: /elsewhere");
      case "/elsewhere" -> answer.status(200, "text/html", "<p>Elsewhere</p>");
      case "/broken/" -> answer.status(503, "text/html", "later");
      case "/sitemap.xml" ->
          answer.status(
              200,
              "application/xml",
              "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
                  + "<url><loc>%s/docs/one.html</loc></url><url><loc> %s/elsewhere </loc></url>"
                      .formatted(base, base)
                  + "<url><loc>https://example.com/x</loc></url></urlset>");
      case "/sitemaps.xml" ->
          answer.status(
              200,
              "text/xml",
              "<sitemapindex><sitemap><loc>%s/sitemap.xml</loc></sitemap>".formatted(base)
                  + "<sitemap><loc>http://127.0.0.1:1/s.xml</loc></sitemap></sitemapindex>");
      default -> answer.status(404, "text/plain", "no");
    }
  }

  @AfterEach
  void close() {
    site.close();
  }

  private boolean read(String path, int most, int depth) throws Exception {
    SiteReader.Sink sink =
        new SiteReader.Sink() {
          @Override
          public void page(String url, String name, byte[] body) {
            pages.merge(url.substring(base.length()), name, (one, _) -> one + " twice");
          }

          @Override
          public void leftOut(String url, String why) {
            leftOut.put(url.replace(base, ""), why);
          }
        };
    try (SiteReader reader =
        new SiteReader(
            AddressGuard.strict().trusting(base),
            Duration.ofSeconds(5),
            new SiteReader.Bounds(most, depth, Duration.ofMinutes(1)))) {
      return reader.read(base + path, sink);
    }
  }

  @Test
  void aSiteIsReadByItsLinksAndNotAboveItsFirstPage() throws Exception {
    assertThat(read("/docs/", 100, 5)).isTrue();
    assertThat(pages)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "/docs/", "page.html",
                "/docs/one.html", "one.html",
                "/docs/two.txt", "two.txt",
                "/docs/deep.html", "deep.html"));
    assertThat(leftOut.keySet())
        .containsExactlyInAnyOrder(
            "/docs/no/x", "/docs/quiet.html", "/docs/gone.html", "/docs/picture", "/elsewhere");
    assertThat(leftOut.get("/docs/no/x")).contains("robots.txt");
    assertThat(site.requests().stream().map(Request::path))
        .doesNotContain("/docs/no/x", "/docs/unseen.html", "/docs/followed-not.html", "/secret");
  }

  @Test
  void boundsHold() throws Exception {
    assertThat(read("/docs/", 100, 0)).isTrue();
    assertThat(pages).containsOnlyKeys("/docs/");
    assertThat(read("/docs/", 2, 5)).isFalse();
    assertThat(pages).containsOnlyKeys("/docs/", "/docs/one.html");
  }

  @Test
  void aSitemapNamesThePages() throws Exception {
    assertThat(read("/sitemap.xml", 100, 0)).isTrue();
    assertThat(pages).containsOnlyKeys("/docs/one.html", "/elsewhere");
    pages.clear();
    assertThat(read("/sitemaps.xml", 100, 0)).isTrue();
    assertThat(pages).containsOnlyKeys("/docs/one.html", "/elsewhere");
  }

  @Test
  void aSiteThatIsAwayIsNotTakenForAnEmptyOne() throws Exception {
    assertThat(read("/broken/", 100, 5)).isFalse();
    assertThat(leftOut.get("/broken/")).contains("503");
  }

  @Test
  void aSitemapMayBeCompressed() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(
          "<urlset><url><loc>https://a.b/c#d</loc></url></urlset>"
              .getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Sitemap.read(bytes.toByteArray()).orElseThrow().pages())
        .containsExactly("https://a.b/c");
    assertThat(Sitemap.read("<html>".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }
}
