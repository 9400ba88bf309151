package antiphon.knowledge.text;

/**
 * About how many tokens a text has. Each model cuts texts in its own way; this is near to what the
 * usual ones do, for the sizes of chunks.
 */
public final class Tokens {

  /** Most words up to this length are one token. */
  private static final int SHORT_WORD = 7;

  private static final int LATIN_PART = 4;
  private static final int OTHER_PART = 3;
  private static final int DIGITS = 3;

  private Tokens() {}

  /** The count; 0 for nothing but white space. */
  public static int count(CharSequence text) {
    int tokens = 0;
    int at = 0;
    while (at < text.length()) {
      int c = Character.codePointAt(text, at);
      int end = at + Character.charCount(c);
      if (Character.isWhitespace(c)) {
        at = end;
        continue;
      }
      if (Character.isIdeographic(c) || isKana(c)) {
        tokens++;
      } else if (Character.isDigit(c)) {
        end = run(text, end, true);
        tokens += (end - at + DIGITS - 1) / DIGITS;
      } else if (Character.isLetter(c)) {
        end = run(text, end, false);
        tokens += word(end - at, c < 0x250);
      } else {
        tokens++;
      }
      at = end;
    }
    return tokens;
  }

  private static int word(int length, boolean latin) {
    if (!latin) {
      return (length + OTHER_PART - 1) / OTHER_PART;
    }
    return length <= SHORT_WORD ? 1 : 1 + (length - SHORT_WORD + LATIN_PART - 1) / LATIN_PART;
  }

  private static boolean isKana(int c) {
    return c >= 0x3040 && c <= 0x30ff;
  }

  private static int run(CharSequence text, int from, boolean digits) {
    int at = from;
    while (at < text.length()) {
      int c = Character.codePointAt(text, at);
      boolean goesOn =
          digits
              ? Character.isDigit(c)
              : (Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK)
                  && !Character.isIdeographic(c)
                  && !isKana(c);
      if (!goesOn) {
        return at;
      }
      at += Character.charCount(c);
    }
    return at;
  }
}
