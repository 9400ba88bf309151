package antiphon.core.web;

import java.io.IOException;

/** Reads documents that are not HTML, such as PDF, to text; a hostile one does no harm. */
public interface DocumentReader extends AutoCloseable {

  /**
   * Reads one. Blocking; an interrupt stops it.
   *
   * @param name whose ending says what it is
   * @throws IOException if nothing can be read now
   */
  Read read(String name, byte[] document) throws IOException, InterruptedException;

  @Override
  void close();

  /** What came of it. */
  sealed interface Read {

    /** Its text. */
    record Text(String text) implements Read {}

    /** It cannot be read. */
    record Unreadable(String why) implements Read {}
  }
}
