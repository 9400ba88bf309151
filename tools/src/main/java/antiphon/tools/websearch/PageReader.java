package antiphon.tools.websearch;

import antiphon.core.net.AddressGuard;
import antiphon.core.web.DocumentReader;
import antiphon.tools.websearch.PageFetcher.Fetched;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads pages of the web to text, for a model. Interrupting the thread ends it at once. */
final class PageReader implements AutoCloseable {

  private static final long MOST_PAGE = 5L << 20;

  private final PageFetcher fetcher;
  private final @Nullable DocumentReader documents;

  /**
   * @param documents reads what is no HTML and no text; null to refuse it
   */
  PageReader(AddressGuard guard, Duration limit, @Nullable DocumentReader documents) {
    fetcher = new PageFetcher(guard, limit);
    this.documents = documents;
  }

  /**
   * A page.
   *
   * @param url where it was found in the end
   */
  record Page(String url, String title, String text) {}

  /**
   * Reads one.
   *
   * @param allowed domains it may be of; empty for all
   */
  Page read(String url, List<String> allowed) throws WebException, InterruptedException {
    Fetched fetched = fetcher.fetch(url, allowed, MOST_PAGE);
    String kind = fetched.type();
    Charset charset = fetched.charset();
    if (fetched.isHtml()) {
      return PageText.html(fetched.url(), fetched.body(), charset);
    }
    if (kind.startsWith("text/")
        || kind.equals("application/json")
        || kind.endsWith("+json")
        || kind.equals("application/xml")
        || kind.endsWith("+xml")) {
      Charset named = charset == null ? StandardCharsets.UTF_8 : charset;
      return new Page(fetched.url(), "", new String(fetched.body(), named));
    }
    if (documents == null || !Documents.are(kind)) {
      throw new WebException("The page is no text (" + kind + ").");
    }
    String name = Documents.name(URI.create(fetched.url()), kind);
    try {
      return switch (documents.read(name, fetched.body())) {
        case DocumentReader.Read.Text(String text) -> new Page(fetched.url(), name, text);
        case DocumentReader.Read.Unreadable(String why) -> throw new WebException(why);
      };
    } catch (IOException _) {
      throw new WebException("The document cannot be read now.", true);
    }
  }

  @Override
  public void close() {
    fetcher.close();
    if (documents != null) {
      documents.close();
    }
  }
}
