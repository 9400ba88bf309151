package antiphon.core.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param bytes of the first one, 4 or 16
 * @param bits how many of them all have in common
 */
record Network(byte[] bytes, int bits) {

  private static final Pattern V4 =
      Pattern.compile("(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){3}");

  Network {
    bytes = bytes.clone();
    if (bits < 0 || bits > bytes.length * 8) {
      throw new IllegalArgumentException("a network has 0 to " + bytes.length * 8 + " bits");
    }
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or one address.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Network of(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes = literal(address);
    if (bytes.length == 0) {
      throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8");
    }
    try {
      int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
      return new Network(bytes, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8", e);
    }
  }

  /** The bytes of an address in its usual form, without brackets; empty if it is none. */
  static byte[] literal(String text) {
    if (V4.matcher(text).matches() || (text.indexOf(':') >= 0 && text.indexOf('%') < 0)) {
      try {
        return InetAddress.getByName(text).getAddress();
      } catch (UnknownHostException _) {
        return new byte[0];
      }
    }
    return new byte[0];
  }

  boolean contains(byte[] address) {
    if (address.length != bytes.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(address, 0, whole, bytes, 0, whole)) {
      return false;
    }
    int mask = 0xff << (8 - bits % 8) & 0xff;
    return bits % 8 == 0 || (address[whole] & mask) == (bytes[whole] & mask);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network
        && bits == network.bits
        && Arrays.equals(bytes, network.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + bits;
  }
}
