package antiphon.engines.llamacpp;

import antiphon.protocol.tool.CustomFormat;
import org.jspecify.annotations.Nullable;

/** The grammars of custom tools as llama.cpp's server takes them, by its llguidance. */
final class Grammars {

  private static final String LARK = "%llguidance {}\n";

  private Grammars() {}

  /** What its field {@code grammar} is to be; null where the text is free. */
  static @Nullable String of(@Nullable CustomFormat format) {
    if (format == null || format.definition() == null || format.syntax() == null) {
      return null;
    }
    return switch (format.syntax()) {
      case "lark" -> LARK + format.definition();
      case "regex" -> LARK + "start: " + literal(format.definition());
      default -> null;
    };
  }

  /** A regular expression between slashes: those within are escaped, and it stays on one line. */
  private static String literal(String regex) {
    StringBuilder literal = new StringBuilder("/");
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      switch (c) {
        case '\\' -> {
          literal.append(c);
          if (i + 1 < regex.length()) {
            literal.append(regex.charAt(++i));
          }
        }
        case '/' -> literal.append("\\/");
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        default -> literal.append(c);
      }
    }
    return literal.append('/').toString();
  }
}
