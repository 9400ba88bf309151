package antiphon.http.resource;

import antiphon.http.error.Refusal;
import antiphon.http.wire.Exchange;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** How a body was packed for its way. */
enum Packing {
  NONE("identity"),
  GZIP("gzip"),
  ZSTD("zstd");

  /** A frame may refer back this far, 8 MiB: what RFC 9659 lets HTTP use. */
  private static final int ZSTD_WINDOW_LOG = 23;

  private static final int AT_ONCE = 32 * 1024;

  private final String label;

  Packing(String label) {
    this.label = label;
  }

  /**
   * What the header {@code Content-Encoding} says.
   *
   * @throws Refusal 415 for a way that is not known, or several
   */
  static Packing of(Exchange exchange) {
    List<String> values = exchange.headers(HttpHeaders.CONTENT_ENCODING);
    if (values.isEmpty()) {
      return NONE;
    }
    String value = String.join(",", values).strip().toLowerCase(Locale.ROOT);
    return switch (value) {
      case "", "identity" -> NONE;
      case "gzip", "x-gzip" -> GZIP;
      case "zstd" -> ZSTD;
      default ->
          throw Refusal.wrongPacking(
              "This Content-Encoding is not taken: send the body with 'gzip', 'zstd' or none.");
    };
  }

  /**
   * The body as it was before.
   *
   * @param packed the body as it came
   * @param exchange whose limit holds for what comes out, and to whose account it goes
   * @throws Refusal 413 at the first byte too many, 400 for what was not packed so, 503
   */
  byte[] unpack(byte[] packed, Exchange exchange) {
    if (this == NONE) {
      return packed;
    }
    int limit = exchange.bodyLimit();
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(limit, 2 * packed.length));
    byte[] part = new byte[AT_ONCE];
    try (InputStream in = open(new ByteArrayInputStream(packed))) {
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        if (n > limit - out.size()) {
          throw Refusal.bodyTooLarge(limit);
        }
        exchange.hold(n);
        out.write(part, 0, n);
      }
    } catch (IOException _) {
      throw Refusal.badRequest(null, "The body is not valid " + label + ", or breaks off.");
    }
    return out.toByteArray();
  }

  private InputStream open(InputStream packed) throws IOException {
    return switch (this) {
      case NONE -> packed;
      case GZIP -> new GZIPInputStream(packed, AT_ONCE);
      case ZSTD -> new ZstdInputStreamNoFinalizer(packed).setLongMax(ZSTD_WINDOW_LOG);
    };
  }
}
