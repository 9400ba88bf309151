package antiphon.http.route;

import antiphon.http.error.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict percent-decoding (RFC 3986, section 2.1) of UTF-8. */
final class PercentCoding {

  private PercentCoding() {}

  /**
   * Decodes.
   *
   * @param plusIsSpace true in a query
   * @param what names the place in the refusal
   * @throws Refusal if it is not well-formed
   */
  static String decode(String text, boolean plusIsSpace, String what) {
    if (text.indexOf('%') < 0 && isAscii(text)) {
      return plusIsSpace ? text.replace('+', ' ') : text;
    }
    byte[] bytes = new byte[text.length() * 3];
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes[count++] = (byte) pair(text, i, what);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes[count++] = ' ';
      } else if (c < 0x100) {
        // Netty gives the raw bytes of the request line one to a character.
        bytes[count++] = (byte) c;
      } else {
        throw malformed(what);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, count))
          .toString();
    } catch (CharacterCodingException _) {
      throw malformed(what);
    }
  }

  private static int pair(String text, int at, String what) {
    if (at + 2 >= text.length()) {
      throw malformed(what);
    }
    int high = Character.digit(text.charAt(at + 1), 16);
    int low = Character.digit(text.charAt(at + 2), 16);
    if (high < 0 || low < 0) {
      throw malformed(what);
    }
    return high << 4 | low;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static Refusal malformed(String what) {
    return Refusal.badRequest(
        null, "The request's " + what + " is not valid percent-encoded UTF-8.");
  }
}
