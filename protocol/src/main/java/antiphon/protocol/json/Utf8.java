package antiphon.protocol.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Checks that bytes are UTF-8. The JSON parser itself passes over some broken sequences, and a text
 * that cannot be written again must not get in.
 */
final class Utf8 {

  private Utf8() {}

  static byte[] check(byte[] json) {
    surrogates(json);
    if (!isAscii(json)) {
      try {
        var _ =
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(json));
      } catch (CharacterCodingException e) {
        throw new InvalidJson.Syntax("The body is not valid UTF-8.", 1, 1);
      }
    }
    return json;
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
        throw new InvalidJson.Syntax("The body has half of a surrogate pair.", 1, at + 1);
      }
      at += 12;
    }
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
