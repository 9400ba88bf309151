package antiphon.knowledge.pages;

import antiphon.core.file.MediaTypes;
import antiphon.knowledge.extract.Extracted;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.text.Block;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;

/** What a document says, with its title. */
final class PageText {

  /** The longest text of a page, in characters; what follows is left out. */
  static final int MOST_CHARACTERS = 2_000_000;

  private static final int MOST_TITLE = 300;

  private PageText() {}

  /** What came of a document. */
  sealed interface Read {

    /** Its title, never empty, and its text. */
    record Text(String title, List<Block> blocks) implements Read {}

    /** It cannot be read. */
    record Unreadable(String why) implements Read {}
  }

  /**
   * Reads one. Blocking; an interrupt stops it.
   *
   * @param name of its file
   */
  static Read read(Extractor extractor, String name, byte[] document)
      throws IOException, InterruptedException {
    Extracted read =
        extractor.extract(name, document.length, () -> new ByteArrayInputStream(document));
    return switch (read) {
      case Extracted.Unreadable(var failure) -> new Read.Unreadable(failure.message());
      case Extracted.Text(List<Block> blocks, _) ->
          new Read.Text(title(name, document, blocks), bounded(blocks));
    };
  }

  private static String title(String name, byte[] document, List<Block> blocks) throws IOException {
    String title = "";
    if (MediaTypes.ending(name).matches("x?html?")) {
      title = Jsoup.parse(new ByteArrayInputStream(document), null, "").title();
    }
    if (title.isBlank()) {
      title =
          blocks.stream()
              .filter(block -> block.level() > 0)
              .map(Block::text)
              .findFirst()
              .orElse(name);
    }
    String line = title.replaceAll("\\s+", " ").strip();
    return line.length() > MOST_TITLE ? line.substring(0, MOST_TITLE) : line;
  }

  private static List<Block> bounded(List<Block> blocks) {
    List<Block> kept = new ArrayList<>();
    int length = 0;
    for (Block block : blocks) {
      length += block.text().length();
      if (length > MOST_CHARACTERS) {
        break;
      }
      kept.add(block);
    }
    return kept;
  }

  /** Blocks as one text, headings as Markdown has them. */
  static String joined(List<Block> blocks) {
    StringBuilder text = new StringBuilder();
    for (Block block : blocks) {
      text.append(text.isEmpty() ? "" : "\n\n");
      text.append(block.level() > 0 ? "#".repeat(block.level()) + " " : "").append(block.text());
    }
    return text.toString();
  }
}
