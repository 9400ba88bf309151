package antiphon.knowledge.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plain text and Markdown as blocks. */
public final class PlainText {

  private static final Pattern HEADING = Pattern.compile("(#{1,6})[ \\t]+(.*?)[ \\t]*#*[ \\t]*");
  private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+).*");

  private PlainText() {}

  /** Paragraphs are parted by empty lines. */
  public static List<Block> blocks(String text) {
    return blocks(text, false);
  }

  /** The same with Markdown's headings. */
  public static List<Block> markdown(String text) {
    return blocks(text, true);
  }

  private static List<Block> blocks(String text, boolean markdown) {
    List<Block> blocks = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    boolean code = false;
    for (String line : text.split("\\R", -1)) {
      if (markdown && FENCE.matcher(line).matches()) {
        code = !code;
      }
      Matcher heading = HEADING.matcher(line);
      if (markdown && !code && heading.matches() && !heading.group(2).isEmpty()) {
        flush(paragraph, blocks);
        blocks.add(new Block(heading.group(1).length(), null, heading.group(2)));
      } else if (line.isBlank()) {
        flush(paragraph, blocks);
      } else {
        paragraph.append(paragraph.isEmpty() ? "" : "\n").append(line.stripTrailing());
      }
    }
    flush(paragraph, blocks);
    return blocks;
  }

  private static void flush(StringBuilder paragraph, List<Block> blocks) {
    if (!paragraph.isEmpty()) {
      blocks.add(Block.text(null, paragraph.toString()));
      paragraph.setLength(0);
    }
  }
}
