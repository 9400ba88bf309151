package antiphon.tools.mcp.client;

/** Texts of a server's that are told on. */
final class Text {

  private static final int MOST = 2000;

  private Text() {}

  /** Not longer than a message should be. */
  static String cut(String text) {
    return cut(text, MOST);
  }

  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
