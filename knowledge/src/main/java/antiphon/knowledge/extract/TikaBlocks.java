package antiphon.knowledge.extract;

import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Makes blocks of the XHTML that Tika makes of documents. */
final class TikaBlocks extends DefaultHandler {

  private static final Set<String> BREAKING =
      Set.of("p", "div", "li", "tr", "table", "ul", "ol", "blockquote", "pre", "body", "section");

  private static final Set<String> HIDDEN = Set.of("head", "style", "script", "title");

  private final BlockSink sink;
  private final StringBuilder text = new StringBuilder();
  private int hidden;
  private int level;
  private int pages;

  TikaBlocks(BlockSink sink) {
    this.sink = sink;
  }

  /** How many pages there are; -1 where the document has none. */
  int pages() {
    return pages == 0 ? -1 : pages;
  }

  @Override
  public void startElement(String uri, String name, String qName, Attributes attributes) {
    if (HIDDEN.contains(name)) {
      hidden++;
    } else if (heading(name) > 0) {
      flush();
      level = heading(name);
    } else if (BREAKING.contains(name)) {
      flush();
      String kind = attributes.getValue("class");
      if (kind != null && (kind.equals("page") || kind.equals("slide-content"))) {
        pages++;
      }
    } else if (name.equals("td") || name.equals("th")) {
      text.append(text.isEmpty() ? "" : " | ");
    } else if (name.equals("br")) {
      text.append('\n');
    }
  }

  @Override
  public void endElement(String uri, String name, String qName) {
    if (HIDDEN.contains(name)) {
      hidden--;
    } else if (heading(name) > 0 || BREAKING.contains(name)) {
      flush();
    }
  }

  @Override
  public void characters(char[] chars, int start, int length) {
    if (hidden == 0) {
      text.append(chars, start, length);
      if (text.length() > Extractor.MOST_CHARACTERS) {
        throw new BlockSink.TooLong();
      }
    }
  }

  @Override
  public void ignorableWhitespace(char[] chars, int start, int length) {
    characters(chars, start, length);
  }

  void finish() {
    flush();
  }

  private void flush() {
    sink.block(level, pages == 0 ? -1 : pages, text.toString());
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
