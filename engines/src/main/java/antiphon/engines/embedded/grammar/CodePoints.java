package antiphon.engines.embedded.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sets of characters, as ranges of code points, and how they are written in a JSON string. */
record CodePoints(List<Range> ranges) {

  static final int LAST = 0x10FFFF;
  private static final int SURROGATES = 0xD800;
  private static final int AFTER_SURROGATES = 0xE000;
  private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF};

  /** The code points from {@code low} to {@code high}, both included. */
  record Range(int low, int high) {}

  CodePoints {
    ranges = List.copyOf(ranges);
  }

  static CodePoints of(int low, int high) {
    return new CodePoints(List.of(new Range(low, high)));
  }

  CodePoints or(CodePoints other) {
    List<Range> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return new CodePoints(both);
  }

  /** All characters but these. */
  CodePoints not() {
    List<Range> rest = new ArrayList<>();
    int from = 0;
    for (Range range :
        ranges.stream().sorted((a, b) -> Integer.compare(a.low(), b.low())).toList()) {
      if (range.low() > from) {
        rest.add(new Range(from, range.low() - 1));
      }
      from = Math.max(from, range.high() + 1);
    }
    if (from <= LAST) {
      rest.add(new Range(from, LAST));
    }
    return new CodePoints(rest);
  }

  /** One of these characters, as JSON writes it inside a string. */
  Grammar inJson() {
    List<Grammar> choices = new ArrayList<>();
    for (Range range : ranges) {
      int from = range.low();
      for (int point = from; point <= Math.min(range.high(), '\\'); point++) {
        if (point < ' ' || point == '"' || point == '\\') {
          addPlain(from, point - 1, choices);
          choices.add(Grammar.literal(escaped(point)));
          from = point + 1;
        }
      }
      addPlain(from, range.high(), choices);
    }
    return choices.isEmpty() ? new Grammar.Bytes(ByteSet.of()) : Grammar.any(choices);
  }

  private static void addPlain(int low, int high, List<Grammar> choices) {
    if (low <= Math.min(high, SURROGATES - 1)) {
      choices.add(utf8(low, Math.min(high, SURROGATES - 1)));
    }
    if (Math.max(low, AFTER_SURROGATES) <= high) {
      choices.add(utf8(Math.max(low, AFTER_SURROGATES), high));
    }
  }

  private static String escaped(int point) {
    return switch (point) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> String.format("\\u%04x", point);
    };
  }

  /** One character of this range, in UTF-8; surrogates are left out. */
  static Grammar utf8(int low, int high) {
    List<Grammar> choices = new ArrayList<>();
    if (low < SURROGATES && high >= AFTER_SURROGATES) {
      split(low, SURROGATES - 1, choices);
      split(AFTER_SURROGATES, high, choices);
    } else {
      split(low, high, choices);
    }
    return Grammar.any(choices);
  }

  /** Cuts a range until the bytes of all its characters differ independently of each other. */
  private static void split(int low, int high, List<Grammar> choices) {
    for (int last : LAST_OF_LENGTH) {
      if (low <= last && last < high) {
        split(low, last, choices);
        split(last + 1, high, choices);
        return;
      }
    }
    for (int shift = 6; shift <= 18 && high > 0x7F; shift += 6) {
      int tail = (1 << shift) - 1;
      if ((low & ~tail) == (high & ~tail)) {
        continue;
      }
      if ((low & tail) != 0) {
        split(low, low | tail, choices);
        split((low | tail) + 1, high, choices);
        return;
      }
      if ((high & tail) != tail) {
        split(low, (high & ~tail) - 1, choices);
        split(high & ~tail, high, choices);
        return;
      }
    }
    byte[] first = Character.toString(low).getBytes(StandardCharsets.UTF_8);
    byte[] last = Character.toString(high).getBytes(StandardCharsets.UTF_8);
    List<Grammar> parts = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      parts.add(Grammar.bytes(first[i] & 0xFF, last[i] & 0xFF));
    }
    choices.add(parts.size() == 1 ? parts.getFirst() : new Grammar.All(parts));
  }
}
