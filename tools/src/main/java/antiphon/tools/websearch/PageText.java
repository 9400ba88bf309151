package antiphon.tools.websearch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** The words of an HTML page, in lines. */
final class PageText {

  private static final String NOT_READ =
      "script, style, noscript, template, svg, iframe, form, nav, header > nav, footer, aside,"
          + " [hidden], [aria-hidden=true]";

  private static final String LINES =
      "p, div, section, article, li, tr, h1, h2, h3, h4, h5, h6, pre, blockquote, dt, dd, br,"
          + " table";

  private PageText() {}

  static PageReader.Page html(String url, byte[] body, @Nullable Charset charset) {
    Document page;
    try {
      page =
          Jsoup.parse(new ByteArrayInputStream(body), charset == null ? null : charset.name(), url);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes can be read", e);
    }
    page.select(NOT_READ).remove();
    Element main = page.selectFirst("main, article, [role=main]");
    Element read = main == null || main.text().length() < 200 ? page.body() : main;
    read.select(LINES).forEach(line -> line.appendText("\n"));
    String text =
        read.wholeText()
            .lines()
            .map(line -> line.replaceAll("[\\s\\u00a0]+", " ").strip())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n"));
    return new PageReader.Page(url, page.title(), text);
  }
}
