package antiphon.knowledge.extract;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes blocks as they are found, up to a length. */
final class BlockSink {

  private final DataOutputStream out;
  private long characters;

  BlockSink(DataOutputStream out) {
    this.out = out;
  }

  /** The text is too long. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("too long", null, false, false);
    }
  }

  /**
   * Writes a block.
   *
   * @param page -1 for none
   */
  void block(int level, int page, String given) {
    String text = Extractor.clean(given).strip();
    if (text.isEmpty()) {
      return;
    }
    characters += text.length();
    if (characters > Extractor.MOST_CHARACTERS) {
      throw new TooLong();
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      out.writeByte(Wire.BLOCK);
      out.writeByte(level);
      out.writeInt(page);
      out.writeInt(bytes.length);
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
