package antiphon.knowledge.extract;

import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** Makes blocks of an HTML page. */
final class HtmlBlocks implements NodeFilter {

  private static final Set<String> SKIPPED =
      Set.of("script", "style", "noscript", "template", "svg", "nav", "head", "iframe", "form");

  private final BlockSink sink;
  private final StringBuilder text = new StringBuilder();
  private int level;
  private int preformatted;

  HtmlBlocks(BlockSink sink) {
    this.sink = sink;
  }

  void read(Document page) {
    page.body().filter(this);
    flush();
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode words) {
      String content = preformatted > 0 ? words.getWholeText() : words.text();
      text.append(content);
      return FilterResult.CONTINUE;
    }
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    String name = element.normalName();
    if (SKIPPED.contains(name)) {
      return FilterResult.SKIP_ENTIRELY;
    }
    if (name.equals("br")) {
      text.append('\n');
    } else if (name.equals("td") || name.equals("th")) {
      text.append(text.toString().isBlank() ? "" : " | ");
    } else if (element.isBlock()) {
      flush();
      level = heading(name);
      preformatted += name.equals("pre") ? 1 : 0;
    }
    return FilterResult.CONTINUE;
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element && element.isBlock() && !isCell(element)) {
      flush();
      preformatted -= element.normalName().equals("pre") ? 1 : 0;
    }
    return FilterResult.CONTINUE;
  }

  private static boolean isCell(Element element) {
    return element.normalName().equals("td") || element.normalName().equals("th");
  }

  private void flush() {
    sink.block(level, -1, text.toString());
    text.setLength(0);
    level = 0;
  }

  private static int heading(String name) {
    return name.length() == 2
            && name.charAt(0) == 'h'
            && name.charAt(1) >= '1'
            && name.charAt(1) <= '6'
        ? name.charAt(1) - '0'
        : 0;
  }
}
