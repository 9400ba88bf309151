package antiphon.http.resource;

import antiphon.http.error.Refusal;
import antiphon.http.wire.BodyParts;
import antiphon.http.wire.Exchange;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code multipart/form-data} (RFC 7578) as it comes: a part's bytes are handed on and not
 * kept. Heads and the number of parts are bounded.
 */
final class Multipart {

  private static final int MOST_HEAD = 8 * 1024;
  private static final int MOST_PARTS = 64;
  private static final int MOST_BOUNDARY = 70;
  private static final byte[] HEAD_END = ascii("\r\n\r\n");

  /** Takes the bytes of a part. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] bytes, int offset, int length);
  }

  /** Says where a part's bytes are to go. */
  @FunctionalInterface
  interface Parts {
    Sink begin(Part part);
  }

  /**
   * A part's head.
   *
   * @param filename null if it is a plain field
   * @param contentType null if it has none
   */
  record Part(String name, @Nullable String filename, @Nullable String contentType) {}

  private final BodyParts body;
  private final byte[] delimiter;

  /** What has come and was not handed on yet, from {@link #at} to {@link #end}. */
  private byte[] buffer = new byte[256 * 1024];

  private int at;
  private int end;
  private boolean whole;

  private Multipart(BodyParts body, String boundary) {
    this.body = body;
    this.delimiter = ascii("\r\n--" + boundary);
    // As if the body began with a line: its first delimiter needs none ahead of it.
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
  }

  /**
   * Reads a request's body to its end.
   *
   * @param most bytes that it may have
   * @throws Refusal 415 if it is said to be something else, 400 if it is malformed, 408, 413, 503
   */
  static void read(Exchange exchange, long most, Parts parts) throws InterruptedException {
    String boundary = boundary(exchange.header(HttpHeaders.CONTENT_TYPE));
    if (Packing.of(exchange) != Packing.NONE) {
      throw Refusal.wrongPacking("An upload is taken as it is: send it without Content-Encoding.");
    }
    new Multipart(exchange.bodyParts(most), boundary).read(parts);
  }

  private static String boundary(@Nullable String contentType) {
    Map<String, String> parameters = new HashMap<>();
    String type = contentType == null ? "" : parameters(contentType, parameters);
    String boundary = parameters.getOrDefault("boundary", "");
    if (!type.equals("multipart/form-data")) {
      throw Refusal.wrongBody("The body must be 'Content-Type: multipart/form-data'.");
    }
    if (boundary.isEmpty()
        || boundary.length() > MOST_BOUNDARY
        || boundary.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw Refusal.badRequest(
          null, "The body's Content-Type needs a boundary of 1 to 70 letters.");
    }
    return boundary;
  }

  private void read(Parts parts) throws InterruptedException {
    until(delimiter, (_, _, _) -> {});
    for (int count = 0; !isLast(); count++) {
      if (count == MOST_PARTS) {
        throw Refusal.badRequest(null, "The body has more than " + MOST_PARTS + " parts.");
      }
      Sink sink = parts.begin(part(head()));
      until(delimiter, sink);
    }
    drain();
  }

  /** Behind a delimiter: two dashes end the body, a line end begins a part. */
  private boolean isLast() throws InterruptedException {
    while (true) {
      require(2);
      if (buffer[at] == '-' && buffer[at + 1] == '-') {
        return true;
      }
      if (buffer[at] == '\r' && buffer[at + 1] == '\n') {
        return false;
      }
      if (buffer[at] != ' ' && buffer[at] != '\t') {
        throw malformed();
      }
      at++;
    }
  }

  private String head() throws InterruptedException {
    StringBuilder head = new StringBuilder();
    until(
        HEAD_END,
        (bytes, offset, length) -> {
          if (head.length() + length > MOST_HEAD) {
            throw Refusal.badRequest(null, "The head of a part is too long.");
          }
          head.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        });
    return new String(
        head.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static Part part(String head) {
    String name = null;
    String filename = null;
    String type = null;
    for (String line : head.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      String header = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (header.equals("content-disposition")) {
        Map<String, String> parameters = new HashMap<>();
        String disposition = parameters(value, parameters);
        if (disposition.equals("form-data")) {
          name = parameters.get("name");
          filename = filename(parameters);
        }
      } else if (header.equals("content-type")) {
        type = value;
      }
    }
    if (name == null) {
      throw malformed();
    }
    return new Part(name, filename, type);
  }

  /** The name in plain characters, or percent-encoded behind its character set (RFC 8187). */
  private static @Nullable String filename(Map<String, String> parameters) {
    String plain = parameters.get("filename");
    String extended = parameters.get("filename*");
    if (extended == null || !extended.regionMatches(true, 0, "utf-8'", 0, 6)) {
      return plain;
    }
    int from = extended.indexOf('\'', 6) + 1;
    try {
      String coded = extended.substring(from).replace("+", "%2B");
      return from == 0 ? plain : java.net.URLDecoder.decode(coded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw malformed();
    }
  }

  /**
   * The value ahead of the parameters, in lower case; the parameters, their names in lower case.
   */
  private static String parameters(String header, Map<String, String> into) {
    int semicolon = header.indexOf(';');
    String value = semicolon < 0 ? header : header.substring(0, semicolon);
    int from = semicolon < 0 ? header.length() : semicolon + 1;
    while (from < header.length()) {
      int equals = header.indexOf('=', from);
      if (equals < 0) {
        break;
      }
      String name = header.substring(from, equals).strip().toLowerCase(Locale.ROOT);
      StringBuilder text = new StringBuilder();
      from = parameter(header, equals + 1, text);
      into.putIfAbsent(name, text.toString());
    }
    return value.strip().toLowerCase(Locale.ROOT);
  }

  /** Reads a parameter's value, quoted or not; where the next one begins. */
  private static int parameter(String header, int from, StringBuilder text) {
    int at = from;
    if (at < header.length() && header.charAt(at) == '"') {
      for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
        boolean escaped =
            header.charAt(at) == '\\'
                && at + 1 < header.length()
                && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\');
        at += escaped ? 1 : 0;
        text.append(header.charAt(at));
      }
    }
    int next = header.indexOf(';', Math.min(at, header.length()));
    int stop = next < 0 ? header.length() : next;
    if (text.isEmpty() && (from >= header.length() || header.charAt(from) != '"')) {
      text.append(header.substring(from, stop).strip());
    }
    // Browsers write a quote in a name so.
    String unquoted = text.toString().replace("%22", "\"");
    text.setLength(0);
    text.append(unquoted);
    return stop + 1;
  }

  /** Hands on what comes ahead of these bytes, and steps over them. */
  private void until(byte[] stop, Sink sink) throws InterruptedException {
    while (true) {
      int found = find(stop);
      if (found >= 0) {
        sink.take(buffer, at, found - at);
        at = found + stop.length;
        return;
      }
      // The last bytes may be the beginning of it.
      int sure = Math.max(at, end - stop.length + 1);
      if (sure > at) {
        sink.take(buffer, at, sure - at);
        at = sure;
      }
      more();
    }
  }

  private int find(byte[] wanted) {
    for (int i = at; i <= end - wanted.length; i++) {
      if (buffer[i] == wanted[0]
          && Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private void require(int count) throws InterruptedException {
    while (end - at < count) {
      more();
    }
  }

  private void more() throws InterruptedException {
    byte[] part = whole ? null : body.next();
    if (part == null) {
      whole = true;
      throw Refusal.badRequest(null, "The multipart body ends too early.");
    }
    int kept = end - at;
    if (kept + part.length > buffer.length) {
      byte[] larger = new byte[kept + part.length];
      System.arraycopy(buffer, at, larger, 0, kept);
      buffer = larger;
    } else {
      System.arraycopy(buffer, at, buffer, 0, kept);
    }
    System.arraycopy(part, 0, buffer, kept, part.length);
    at = 0;
    end = kept + part.length;
  }

  /** What follows the last part says nothing. */
  private void drain() throws InterruptedException {
    while (body.next() != null) {
      at = end;
    }
  }

  private static Refusal malformed() {
    return Refusal.badRequest(null, "The body is not valid multipart/form-data.");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
