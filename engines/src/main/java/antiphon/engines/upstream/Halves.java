package antiphon.engines.upstream;

/**
 * Keeps characters whole: a pair of surrogates that an engine splits over two deltas is held back
 * until it is complete, and half a pair that stays alone becomes U+FFFD.
 */
public final class Halves {

  private static final char REPLACEMENT = '\uFFFD';

  private char held;

  /** The part of the text so far that consists of whole characters. */
  public String whole(String delta) {
    if (delta.isEmpty() || (held == 0 && isWhole(delta))) {
      return delta;
    }
    String text = held == 0 ? delta : held + delta;
    held = 0;
    if (Character.isHighSurrogate(text.charAt(text.length() - 1))) {
      held = text.charAt(text.length() - 1);
      text = text.substring(0, text.length() - 1);
    }
    return mended(text);
  }

  /** What is left at the end. */
  public String rest() {
    boolean alone = held != 0;
    held = 0;
    return alone ? String.valueOf(REPLACEMENT) : "";
  }

  private static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static String mended(String text) {
    StringBuilder mended = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point ->
            mended.appendCodePoint(
                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                    ? REPLACEMENT
                    : point));
    return mended.toString();
  }
}
