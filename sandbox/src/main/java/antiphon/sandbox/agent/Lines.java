package antiphon.sandbox.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of bytes that have a longest length. */
final class Lines {

  /** In bytes; a picture of the largest size fits. */
  static final int LONGEST = 4 * 1024 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;

  Lines(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its end; null behind the last.
   *
   * @throws IOException if it is too long, too
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      for (int i = from; i < to; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, from, i - from);
          from = i + 1;
          return line.toByteArray();
        }
      }
      line.write(buffer, from, to - from);
      if (line.size() > LONGEST) {
        throw new IOException("a line has no end");
      }
      from = 0;
      to = in.read(buffer);
      if (to < 0) {
        to = 0;
        return null;
      }
    }
  }
}
