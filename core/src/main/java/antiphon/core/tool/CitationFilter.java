package antiphon.core.tool;

import antiphon.protocol.content.Annotation;
import antiphon.protocol.content.LogProb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Takes a model's marks out of its text as it comes, and says what they stand for and where they
 * were. A mark is {@code 【f1】}: what may be one is held back until it is known, and with it the
 * space ahead of it. What only looks like one is text.
 */
public final class CitationFilter {

  /** What begins a mark. */
  public static final char OPEN = '【';

  /** What ends it. */
  public static final char CLOSE = '】';

  /** No mark is longer; {@code 【f1, f2†source】} is one too. */
  private static final int MOST_HELD = 64;

  private static final Pattern PARTING = Pattern.compile("[,;\\s]+");

  /** What tools give out, whether it stands for anything or not. */
  private static final Pattern MARK = Pattern.compile("[a-z][0-9]{1,6}");

  /** What is to be written, in this order. */
  public sealed interface Said {

    /** Text, not empty, and its tokens. */
    record Text(String text, List<LogProb> logprobs) implements Said {}

    /** What stood behind the text so far. */
    record Note(Annotation annotation) implements Said {}
  }

  private final Function<String, Optional<Citation>> known;
  private final StringBuilder held = new StringBuilder();
  private final List<LogProb> tokens = new ArrayList<>();

  /** How many characters have been said. */
  private int length;

  /** Where the sentence begins that is being said. */
  private int sentence;

  private boolean ended;

  /**
   * @param known what a mark stands for, without its brackets
   */
  public CitationFilter(Function<String, Optional<Citation>> known) {
    this.known = known;
  }

  /** Takes more of the text. */
  public List<Said> take(String delta, List<LogProb> logprobs) {
    tokens.addAll(logprobs);
    Saying saying = new Saying();
    for (int i = 0; i < delta.length(); i++) {
      next(delta.charAt(i), saying);
    }
    return saying.said();
  }

  /** The text is over: what was held back is said, unless it is half a mark. */
  public List<Said> finish() {
    Saying saying = new Saying();
    int open = held.indexOf(String.valueOf(OPEN));
    saying.text.append(open < 0 ? held : held.substring(0, open));
    held.setLength(0);
    return saying.said();
  }

  private void next(char c, Saying saying) {
    boolean mark = held.indexOf(String.valueOf(OPEN)) >= 0;
    if (!mark && c != OPEN) {
      if (c == ' ' && held.length() < MOST_HELD) {
        held.append(c);
      } else {
        saying.text.append(held).append(c);
        held.setLength(0);
      }
      return;
    }
    if (mark && (c == OPEN || c == '\n' || held.length() >= MOST_HELD)) {
      // Not a mark, whatever it is.
      saying.text.append(held);
      held.setLength(0);
      if (c != OPEN) {
        saying.text.append(c);
        return;
      }
    }
    held.append(c);
    if (c == CLOSE) {
      close(saying);
    }
  }

  private void close(Saying saying) {
    int open = held.indexOf(String.valueOf(OPEN));
    String inside = held.substring(open + 1, held.length() - 1);
    List<Citation> cited = new ArrayList<>();
    boolean marks = false;
    for (String part : PARTING.split(inside.strip(), -1)) {
      int dagger = part.indexOf('†');
      String name = dagger < 0 ? part : part.substring(0, dagger);
      Optional<Citation> found = known.apply(name);
      found.ifPresent(cited::add);
      marks |= found.isPresent() || MARK.matcher(name).matches();
    }
    if (marks) {
      saying.cite(cited);
    } else {
      saying.text.append(held);
    }
    held.setLength(0);
  }

  /** What one call gives back. */
  private final class Saying {
    private final StringBuilder text = new StringBuilder();
    private final List<Said> said = new ArrayList<>();

    void cite(List<Citation> cited) {
      flush();
      for (Citation one : cited) {
        said.add(new Said.Note(one.at(Math.min(sentence, length), length)));
      }
    }

    List<Said> said() {
      flush();
      return said;
    }

    private void flush() {
      if (text.isEmpty()) {
        return;
      }
      String now = text.toString();
      count(now);
      said.add(new Said.Text(now, List.copyOf(tokens)));
      tokens.clear();
      text.setLength(0);
    }
  }

  /** A sentence ends with its mark and white space behind it, or with a line. */
  private void count(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      length++;
      if (c == '\n' || (ended && Character.isWhitespace(c))) {
        sentence = length;
        ended = false;
      } else {
        ended =
            c == '.'
                || c == '!'
                || c == '?'
                || c == '。'
                || (ended && !Character.isLetterOrDigit(c));
      }
    }
  }
}
