package antiphon.tools.websearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.net.AddressGuard;
import antiphon.core.web.DocumentReader;
import antiphon.testkit.upstream.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PageReaderTest {

  private static final String PAGE =
      """
      <html><head><title>Cats &amp; dogs</title><style>p{}</style></head><body>
      <nav>Menu</nav><h1>Cats</h1><p>They   sleep.</p><ul><li>long</li><li>often</li></ul>
      <script>alert(1)</script><p hidden>secret</p><footer>Imprint</footer></body></html>
      """;

  private final FakeUpstream site = new FakeUpstream(PageReaderTest::serve);
  private final String host = URI.create(site.url()).getAuthority();
  private final String base = "http://" + host;
  private final PageReader reader =
      new PageReader(AddressGuard.of(List.of(host), List.of()), Duration.ofSeconds(5), null);

  private static void serve(Request request, Answer answer) throws IOException {
    String path = request.path();
    switch (path) {
      case "/robots.txt" -> answer.status(200, "text/plain", "User-agent: *\nDisallow: /forbidden");
      case "/page" -> answer.status(200, "text/html; charset=utf-8", PAGE);
      case "/plain" -> answer.status(200, "text/plain", "just text");
      case "/moved" -> answer.status(302, "text/html", "", "Location: /page");
      case "/round" -> answer.status(302, "text/html", "", "Location: /round");
      case "/away" -> answer.status(302, "text/html", "", "Location: http://127.0.0.1:1/x");
      case "/meta" -> answer.status(302, "text/html", "", "Location: http://169.254.169.254/");
      case "/sneaky" -> answer.status(302, "text/html", "", "Location: /forbidden/x");
      case "/paper" -> answer.status(200, "application/pdf", "%PDF");
      case "/picture" -> answer.status(200, "image/png", "x");
      case "/garbage" -> answer.status(200, "text/html", "<\0<<p<table><tr>\uffff".repeat(1000));
      case "/deep" -> answer.status(200, "text/html", "<div>".repeat(100_000) + "down here");
      case "/hang" -> answer.hang();
      case "/endless" -> {
        answer.stream();
        for (int i = 0; i < 10_000; i++) {
          answer.raw("x".repeat(1024));
        }
      }
      default -> answer.status(404, "text/plain", "no");
    }
  }

  @AfterEach
  void close() {
    reader.close();
    site.close();
  }

  private PageReader.Page read(String path) throws WebException, InterruptedException {
    return reader.read(base + path, List.of());
  }

  @Test
  void aPageIsReadAsItsWords() throws Exception {
    PageReader.Page page = read("/page");
    assertThat(page.title()).isEqualTo("Cats & dogs");
    assertThat(page.text()).isEqualTo("Cats\nThey sleep.\nlong\noften");
    assertThat(read("/plain").text()).isEqualTo("just text");
    assertThat(read("/moved").url()).isEqualTo(base + "/page");
  }

  @ParameterizedTest
  @CsvSource({
    "/forbidden/x, robots.txt",
    "/sneaky, robots.txt",
    "/round, too often",
    "/away, not on the public Internet",
    "/meta, not on the public Internet",
    "/picture, no text",
    "/nowhere, HTTP 404",
    "/endless, longer than",
  })
  void whatCannotBeReadSaysWhy(String path, String why) {
    assertThatThrownBy(() -> read(path)).isInstanceOf(WebException.class).hasMessageContaining(why);
  }

  @Test
  void aDocumentIsReadByWhoCan() throws Exception {
    DocumentReader documents =
        new DocumentReader() {
          @Override
          public Read read(String name, byte[] document) {
            return name.equals("paper.pdf") && document.length == 4
                ? new Read.Text("of the paper")
                : new Read.Unreadable("It is damaged.");
          }

          @Override
          public void close() {}
        };
    try (PageReader reading =
        new PageReader(
            AddressGuard.of(List.of(host), List.of()), Duration.ofSeconds(5), documents)) {
      assertThat(reading.read(base + "/paper", List.of()))
          .isEqualTo(new PageReader.Page(base + "/paper", "paper.pdf", "of the paper"));
      assertThatThrownBy(() -> reading.read(base + "/picture", List.of()))
          .hasMessageContaining("no text");
    }
    assertThatThrownBy(() -> read("/paper")).hasMessageContaining("no text");
  }

  @Test
  void aPlaceThatIsNotAllowedIsNotConnectedTo() {
    for (String url :
        List.of(
            "http://127.0.0.1:1/",
            "http://localhost:1/",
            "http://2130706433/",
            "http://[::1]/",
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "gopher://x/",
            "no address",
            "")) {
      assertThatThrownBy(() -> reader.read(url, List.of())).isInstanceOf(WebException.class);
    }
    assertThatThrownBy(() -> reader.read(base + "/page", List.of("example.com")))
        .hasMessageContaining("domains");
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void garbageIsText() throws Exception {
    assertThat(read("/garbage").url()).endsWith("/garbage");
    assertThat(read("/deep").text()).contains("down here");
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    Thread me = Thread.currentThread();
    Thread.ofVirtual()
        .start(() -> {
          while (site.requests().stream().noneMatch(one -> one.path().equals("/hang"))) {
            Thread.onSpinWait();
          }
          me.interrupt();
        });
    assertThatThrownBy(() -> read("/hang")).isInstanceOf(InterruptedException.class);
  }

  @Test
  void whatSitesForbidIsAskedOnce() throws Exception {
    var _ = read("/page");
    var _ = read("/plain");
    assertThat(site.requests().stream().filter(one -> one.path().equals("/robots.txt"))).hasSize(1);
  }
}
