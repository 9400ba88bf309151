package antiphon.knowledge.text;

import antiphon.core.vector.Chunking;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into chunks that end where a paragraph, a line or a sentence does, and that have
 * whole sentences in common with their neighbours. A heading begins a new chunk where the last one
 * is long enough. The same text is cut in the same way each time.
 */
public final class Chunker {

  private static final String PARAGRAPH = "\n\n";
  private static final String LINE = "\n";
  private static final String SENTENCE = " ";

  /** No word is longer; what is, is no word. */
  private static final int MOST_WORD = 256;

  /** What is not cut any further, and what parts it from what came before. */
  private record Unit(String text, int tokens, String ahead, @Nullable Integer page) {}

  private final Chunking chunking;
  private final List<Cut> cuts = new ArrayList<>();
  private final @Nullable String[] headings = new @Nullable String[6];
  private List<Unit> units = new ArrayList<>();
  private String heading = "";
  private int tokens;

  /** How many of the units were in the last chunk already. */
  private int old;

  private Chunker(Chunking chunking) {
    this.chunking = chunking;
  }

  /** The chunks of a text, in its order; none of them empty. */
  public static List<Cut> cut(List<Block> blocks, Chunking chunking) {
    Chunker chunker = new Chunker(chunking);
    for (Block block : blocks) {
      chunker.add(block);
    }
    chunker.finish(false);
    return chunker.cuts;
  }

  private void add(Block block) {
    String text = block.text().strip();
    if (text.isEmpty()) {
      return;
    }
    if (block.level() > 0) {
      section(block.level(), text);
    }
    int size = Tokens.count(text);
    if (size <= chunking.maxTokens() / 4) {
      put(new Unit(text, size, PARAGRAPH, block.page()));
      return;
    }
    String ahead = PARAGRAPH;
    for (String line : text.split("\n", -1)) {
      for (String sentence : sentences(line)) {
        for (String part : parts(sentence)) {
          put(new Unit(part, Tokens.count(part), ahead, block.page()));
          ahead = SENTENCE;
        }
      }
      ahead = LINE;
    }
  }

  /** A heading: what is long enough ends ahead of it. */
  private void section(int level, String text) {
    if (tokens >= chunking.maxTokens() / 2) {
      finish(false);
    }
    headings[level - 1] = text;
    for (int deeper = level; deeper < headings.length; deeper++) {
      headings[deeper] = null;
    }
    if (units.isEmpty()) {
      heading = path();
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (String one : headings) {
      if (one != null) {
        path.append(path.isEmpty() ? "" : " > ").append(one);
      }
    }
    return path.toString();
  }

  private void put(Unit unit) {
    if (tokens + unit.tokens > chunking.maxTokens() && !units.isEmpty()) {
      finish(true);
      while (!units.isEmpty() && tokens + unit.tokens > chunking.maxTokens()) {
        tokens -= units.removeFirst().tokens;
        old--;
      }
    }
    if (units.isEmpty()) {
      heading = path();
    }
    units.add(unit);
    tokens += unit.tokens;
  }

  /**
   * Ends a chunk.
   *
   * @param overlapping whether the next one begins with its last sentences
   */
  private void finish(boolean overlapping) {
    if (units.size() > old) {
      StringBuilder text = new StringBuilder();
      for (Unit unit : units) {
        text.append(text.isEmpty() ? "" : unit.ahead).append(unit.text);
      }
      cuts.add(new Cut(text.toString(), heading, units.getFirst().page));
    }
    List<Unit> kept = new ArrayList<>();
    int sum = 0;
    if (overlapping) {
      // Not all of it: each chunk has to begin behind the one before.
      for (int i = units.size() - 1; i > 0; i--) {
        sum += units.get(i).tokens;
        if (sum > chunking.overlapTokens()) {
          break;
        }
        kept.addFirst(units.get(i));
      }
    }
    units = kept;
    old = kept.size();
    tokens = kept.stream().mapToInt(Unit::tokens).sum();
  }

  private static List<String> sentences(String line) {
    List<String> sentences = new ArrayList<>();
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(line);
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      String sentence = line.substring(from, to).strip();
      if (!sentence.isEmpty()) {
        sentences.add(sentence);
      }
      from = to;
    }
    return sentences;
  }

  /** A sentence that is too long for a chunk, in parts that are not. */
  private List<String> parts(String sentence) {
    // Sentences of this length still leave room for others.
    int most = chunking.maxTokens() / 2;
    if (Tokens.count(sentence) <= most) {
      return List.of(sentence);
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    int size = 0;
    int at = 0;
    while (at < sentence.length()) {
      int end = wordEnd(sentence, at);
      int word = Tokens.count(sentence.subSequence(at, end));
      if (size + word > most && at > from) {
        parts.add(sentence.substring(from, at).strip());
        from = at;
        size = 0;
      }
      size += word;
      at = end;
    }
    parts.add(sentence.substring(from).strip());
    parts.removeIf(String::isEmpty);
    return parts;
  }

  /** Behind the next word and what follows it; some scripts have no spaces. */
  private static int wordEnd(String text, int from) {
    int at = from;
    while (at < text.length() && at - from < MOST_WORD) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isIdeographic(c)) {
        break;
      }
    }
    return at;
  }
}
