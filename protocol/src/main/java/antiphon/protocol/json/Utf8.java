package antiphon.protocol.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Checks that bytes are UTF-8. The JSON parser itself passes over some broken sequences, and a text
 * that cannot be written again must not get in.
 */
final class Utf8 {

  private static final int CHUNK = 8192;

  private Utf8() {}

  /**
   * The same bytes.
   *
   * @throws InvalidJson.Syntax saying where they are no UTF-8, or escape half of a surrogate pair
   */
  static byte[] check(byte[] json) {
    surrogates(json);
    if (!isAscii(json)) {
      decode(json);
    }
    return json;
  }

  /** Where the text begins: some clients put a byte order mark before it. */
  static int begin(byte[] json) {
    boolean marked =
        json.length >= 3
            && json[0] == (byte) 0xEF
            && json[1] == (byte) 0xBB
            && json[2] == (byte) 0xBF;
    return marked ? 3 : 0;
  }

  private static void decode(byte[] json) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(json);
    CharBuffer out = CharBuffer.allocate(CHUNK);
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw fault("The body is not valid UTF-8", json, in.position());
    }
  }

  /** A surrogate that is escaped must come in a pair: alone it is no character. */
  private static void surrogates(byte[] json) {
    int at = 0;
    while (at + 1 < json.length) {
      if (json[at] != '\\') {
        at++;
        continue;
      }
      int unit = json[at + 1] == 'u' ? unit(json, at + 2) : -1;
      if (unit < 0 || !Character.isSurrogate((char) unit)) {
        at += 2;
        continue;
      }
      if (!Character.isHighSurrogate((char) unit) || !lowFollows(json, at + 6)) {
        throw fault("The body has half of a surrogate pair", json, at);
      }
      at += 12;
    }
  }

  private static InvalidJson fault(String what, byte[] json, int at) {
    int line = 1;
    int begin = 0;
    for (int i = 0; i < at; i++) {
      if (json[i] == '\n') {
        line++;
        begin = i + 1;
      }
    }
    int column = at - begin + 1;
    return new InvalidJson.Syntax(
        "%s, at line %d, column %d.".formatted(what, line, column), line, column);
  }

  private static boolean lowFollows(byte[] json, int at) {
    return at + 1 < json.length
        && json[at] == '\\'
        && json[at + 1] == 'u'
        && Character.isLowSurrogate((char) Math.max(0, unit(json, at + 2)));
  }

  /** The four hexadecimal digits from here on, or -1. */
  private static int unit(byte[] json, int from) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < json.length ? Character.digit((char) json[i], 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }
}
