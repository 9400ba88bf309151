package antiphon.engines.upstream;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers that are none in JSON, as Python and others write them: NaN, infinities, and what is too
 * large for any number. They stand for figures beside the matter, and become null.
 */
final class Literals {

  private static final Pattern NONE =
      Pattern.compile("-?Infinity|NaN|-?\\d[\\d.]*[eE]\\+?\\d{3,}+(?!\\d)");

  private Literals() {}

  /** The same JSON with null for each; what stands in strings stays. */
  static String nulled(String json) {
    StringBuilder mended = new StringBuilder(json.length());
    int from = 0;
    while (from < json.length()) {
      int quote = json.indexOf('"', from);
      int end = quote < 0 ? json.length() : quote;
      Matcher outside = NONE.matcher(json.substring(from, end));
      mended.append(outside.replaceAll("null"));
      from = quote < 0 ? end : stringEnd(json, quote);
      mended.append(json, end, from);
    }
    return mended.toString();
  }

  private static int stringEnd(String json, int quote) {
    int at = quote + 1;
    while (at < json.length() && json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(json.length(), at + 1);
  }
}
