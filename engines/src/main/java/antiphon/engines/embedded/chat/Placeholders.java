package antiphon.engines.embedded.chat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names that stand for foreign texts while a template is rendered, so that the template's words and
 * everybody else's can be told apart afterwards. Nobody can guess the names.
 *
 * <p>Each name has a vertical tab on either side: a template that trims its texts takes them away,
 * and then the text itself is trimmed.
 */
final class Placeholders {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String MARK = "\u000B";

  private final String prefix;
  private final Pattern pattern;
  private final List<String> texts = new ArrayList<>();
  private final BitSet exact = new BitSet();

  Placeholders() {
    byte[] secret = new byte[16];
    RANDOM.nextBytes(secret);
    prefix = "t" + HexFormat.of().formatHex(secret) + "n";
    pattern = Pattern.compile(MARK + "?" + prefix + "([0-9]+)z" + MARK + "?");
  }

  /** A name for this text; nothing stands for nothing. */
  String hide(String text) {
    if (text.isEmpty()) {
      return "";
    }
    texts.add(text);
    return MARK + prefix + (texts.size() - 1) + "z" + MARK;
  }

  /** A name for this text, which is not to be trimmed. */
  String hideExactly(String text) {
    texts.add(text);
    exact.set(texts.size() - 1);
    return prefix + (texts.size() - 1) + "z";
  }

  /** Puts the texts back in place of their names. */
  String show(String rendered) {
    StringBuilder shown = new StringBuilder();
    for (Segment segment : split(rendered)) {
      shown.append(segment.text());
    }
    return shown.toString();
  }

  /** Cuts what was rendered into the template's words and the texts. */
  List<Segment> split(String rendered) {
    List<Segment> segments = new ArrayList<>();
    Matcher matcher = pattern.matcher(rendered);
    int from = 0;
    while (matcher.find()) {
      addTrusted(rendered.substring(from, matcher.start()), segments);
      segments.add(new Segment(text(matcher), false));
      from = matcher.end();
    }
    addTrusted(rendered.substring(from), segments);
    return segments;
  }

  private String text(Matcher matcher) {
    int number = Integer.parseInt(matcher.group(1));
    String text = texts.get(number);
    String name = matcher.group();
    if (exact.get(number)) {
      return text;
    }
    text = name.startsWith(MARK) ? text : text.stripLeading();
    return name.endsWith(MARK) ? text : text.stripTrailing();
  }

  private static void addTrusted(String text, List<Segment> segments) {
    if (!text.isEmpty()) {
      segments.add(new Segment(text, true));
    }
  }
}
