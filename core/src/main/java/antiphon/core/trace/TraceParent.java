package antiphon.core.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request stands in a trace, as the header {@code traceparent} of W3C Trace Context says
 * it.
 *
 * @param traceId the whole trace, 32 hexadecimal digits
 * @param parentId the caller's part of it, 16 hexadecimal digits
 * @param flags bit 0 says that the caller records it, bit 1 that the trace's id is random
 */
public record TraceParent(String traceId, String parentId, int flags) {

  /** The header's name. */
  public static final String HEADER = "traceparent";

  /** Version 00; later ones begin in the same way, and may have more behind a hyphen. */
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /** A longer one is no traceparent of any version known. */
  private static final int MOST = 512;

  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_PARENT = "0".repeat(16);
  private static final int KNOWN_FLAGS = 3;

  /**
   * Reads a header.
   *
   * @return empty where it does not have the form, which is to be taken as if it were not there
   */
  public static Optional<TraceParent> parse(String header) {
    Matcher parts = FORM.matcher(header);
    if (header.length() > MOST
        || !parts.matches()
        || parts.group(1).equals("ff")
        || (parts.group(1).equals("00") && parts.group(5) != null)
        || parts.group(2).equals(NO_TRACE)
        || parts.group(3).equals(NO_PARENT)) {
      return Optional.empty();
    }
    int flags = HexFormat.fromHexDigits(parts.group(4)) & KNOWN_FLAGS;
    return Optional.of(new TraceParent(parts.group(2), parts.group(3), flags));
  }

  /** The header, in version 00. */
  public String header() {
    return "00-" + traceId + "-" + parentId + "-0" + flags;
  }

  /** A place of its own below this one, in the same trace. */
  public TraceParent child() {
    long id;
    do {
      id = ThreadLocalRandom.current().nextLong();
    } while (id == 0);
    return new TraceParent(traceId, HexFormat.of().toHexDigits(id), flags);
  }
}
