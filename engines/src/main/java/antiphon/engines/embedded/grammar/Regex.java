package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Regular expressions as JSON schemas have them (ECMA-262), for the inside of a JSON string:
 * literal characters, classes, groups, alternatives and counts, anchored or not. Look-around,
 * references back, word boundaries and Unicode properties are refused.
 */
final class Regex {

  private static final int MOST_REPEATS = 10_000;
  private static final int MOST_DEPTH = 64;

  private static final CodePoints DIGITS = CodePoints.of('0', '9');
  private static final CodePoints WORD =
      DIGITS.or(CodePoints.of('a', 'z')).or(CodePoints.of('A', 'Z')).or(CodePoints.of('_', '_'));
  private static final CodePoints SPACES =
      CodePoints.of('\t', '\r')
          .or(CodePoints.of(' ', ' '))
          .or(CodePoints.of(0xA0, 0xA0))
          .or(CodePoints.of(0x2028, 0x2029));
  private static final CodePoints LINE_ENDS =
      CodePoints.of('\n', '\n').or(CodePoints.of('\r', '\r')).or(CodePoints.of(0x2028, 0x2029));

  private final String pattern;
  private int at;
  private int depth;

  private Regex(String pattern) {
    this.pattern = pattern;
  }

  /**
   * The inside of a JSON string in which this pattern is found.
   *
   * @throws UnsupportedSchemaException if the pattern is wrong or beyond what is understood
   */
  static Grammar compile(String pattern) throws UnsupportedSchemaException {
    Regex regex = new Regex(pattern);
    boolean fromStart = regex.skip('^');
    Grammar body = regex.alternatives();
    boolean toEnd = regex.skip('$');
    if (regex.at < pattern.length()) {
      throw regex.refused("unexpected " + pattern.charAt(regex.at));
    }
    Grammar anything = Grammar.repeat(Json.CHARACTER, 0, Grammar.Repeat.UNLIMITED);
    return Grammar.all(
        fromStart ? Grammar.EMPTY : anything, body, toEnd ? Grammar.EMPTY : anything);
  }

  private Grammar alternatives() throws UnsupportedSchemaException {
    if (++depth > MOST_DEPTH) {
      throw refused("nested too deeply");
    }
    List<Grammar> choices = new ArrayList<>();
    do {
      choices.add(sequence());
    } while (skip('|'));
    depth--;
    if (depth == 0 && choices.size() > 1 && (pattern.startsWith("^") || pattern.endsWith("$"))) {
      throw refused("anchors beside alternatives; write ^(?:…|…)$");
    }
    return Grammar.any(choices);
  }

  private Grammar sequence() throws UnsupportedSchemaException {
    List<Grammar> parts = new ArrayList<>();
    while (at < pattern.length() && "|)".indexOf(pattern.charAt(at)) < 0 && !atFinalAnchor()) {
      parts.add(counted(atom()));
    }
    return new Grammar.All(parts);
  }

  private boolean atFinalAnchor() {
    return depth == 1 && pattern.charAt(at) == '$' && at == pattern.length() - 1;
  }

  private Grammar counted(Grammar atom) throws UnsupportedSchemaException {
    if (at == pattern.length()) {
      return atom;
    }
    int least;
    int most;
    switch (pattern.charAt(at)) {
      case '*' -> {
        least = 0;
        most = Grammar.Repeat.UNLIMITED;
      }
      case '+' -> {
        least = 1;
        most = Grammar.Repeat.UNLIMITED;
      }
      case '?' -> {
        least = 0;
        most = 1;
      }
      case '{' -> {
        at++;
        least = number();
        most = least;
        if (skip(',')) {
          most = peek() == '}' ? Grammar.Repeat.UNLIMITED : number();
        }
        if (peek() != '}' || (most >= 0 && most < least)) {
          throw refused("a wrong count");
        }
      }
      default -> {
        return atom;
      }
    }
    at++;
    skip('?');
    return Grammar.repeat(atom, least, most);
  }

  private int number() throws UnsupportedSchemaException {
    int begin = at;
    while (Character.digit(peek(), 10) >= 0 && at - begin < 6) {
      at++;
    }
    int value = at == begin ? -1 : Integer.parseInt(pattern.substring(begin, at));
    if (value < 0 || value > MOST_REPEATS) {
      throw refused("a wrong count");
    }
    return value;
  }

  private Grammar atom() throws UnsupportedSchemaException {
    int point = take();
    return switch (point) {
      case '(' -> group();
      case '[' -> characterClass().inJson();
      case '.' -> LINE_ENDS.not().inJson();
      case '\\' -> escape(false).inJson();
      case '^', '$' -> throw refused("an anchor inside");
      case '*', '+', '?', '{' -> throw refused("a count of nothing");
      default -> CodePoints.of(point, point).inJson();
    };
  }

  private Grammar group() throws UnsupportedSchemaException {
    if (skip('?')) {
      if (pattern.startsWith("<", at)
          && !pattern.startsWith("<=", at)
          && !pattern.startsWith("<!", at)) {
        at = pattern.indexOf('>', at) + 1;
      } else if (!skip(':')) {
        throw refused("look-around");
      }
    }
    Grammar body = alternatives();
    if (!skip(')')) {
      throw refused("a group that is not closed");
    }
    return body;
  }

  private CodePoints characterClass() throws UnsupportedSchemaException {
    boolean inverted = skip('^');
    CodePoints all = new CodePoints(List.of());
    while (peek() != ']') {
      CodePoints low = classMember();
      if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        at++;
        CodePoints high = classMember();
        if (!single(low) || !single(high) || first(low) > first(high)) {
          throw refused("a wrong range");
        }
        low = CodePoints.of(first(low), first(high));
      }
      all = all.or(low);
    }
    at++;
    return inverted ? all.not() : all;
  }

  private CodePoints classMember() throws UnsupportedSchemaException {
    int point = take();
    return point == '\\' ? escape(true) : CodePoints.of(point, point);
  }

  private CodePoints escape(boolean inClass) throws UnsupportedSchemaException {
    int point = take();
    return switch (point) {
      case 'd' -> DIGITS;
      case 'D' -> DIGITS.not();
      case 'w' -> WORD;
      case 'W' -> WORD.not();
      case 's' -> SPACES;
      case 'S' -> SPACES.not();
      case 'n' -> CodePoints.of('\n', '\n');
      case 'r' -> CodePoints.of('\r', '\r');
      case 't' -> CodePoints.of('\t', '\t');
      case 'f' -> CodePoints.of('\f', '\f');
      case 'v' -> CodePoints.of(0x0B, 0x0B);
      case '0' -> CodePoints.of(0, 0);
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'b' -> {
        if (!inClass) {
          throw refused("a word boundary");
        }
        yield CodePoints.of('\b', '\b');
      }
      default -> {
        if (Character.isLetterOrDigit(point)) {
          throw refused("\\" + Character.toString(point));
        }
        yield CodePoints.of(point, point);
      }
    };
  }

  private CodePoints hex(int digits) throws UnsupportedSchemaException {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(take(), 16);
      if (digit < 0) {
        throw refused("a wrong escape");
      }
      value = value * 16 + digit;
    }
    return CodePoints.of(value, value);
  }

  private static boolean single(CodePoints points) {
    return points.ranges().size() == 1
        && points.ranges().getFirst().low() == points.ranges().getFirst().high();
  }

  private static int first(CodePoints points) {
    return points.ranges().getFirst().low();
  }

  private boolean skip(char expected) {
    boolean there = at < pattern.length() && pattern.charAt(at) == expected;
    if (there) {
      at++;
    }
    return there;
  }

  private char peek() throws UnsupportedSchemaException {
    if (at >= pattern.length()) {
      throw refused("it ends too early");
    }
    return pattern.charAt(at);
  }

  private int take() throws UnsupportedSchemaException {
    peek();
    int point = pattern.codePointAt(at);
    at += Character.charCount(point);
    return point;
  }

  private UnsupportedSchemaException refused(String why) {
    return new UnsupportedSchemaException(
        "The pattern " + pattern + " cannot be followed: " + why + ".");
  }
}
