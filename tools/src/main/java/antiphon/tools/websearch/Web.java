package antiphon.tools.websearch;

import java.util.List;

/** Where pages are found and read. */
interface Web extends AutoCloseable {

  /** What was found, the best first; none outside the allowed domains. */
  List<Hit> search(Query query) throws WebException, InterruptedException;

  /** Whether the model may open pages. */
  boolean opens();

  /**
   * Reads a page.
   *
   * @param allowed domains it may be of; empty for all
   */
  PageReader.Page read(String url, List<String> allowed) throws WebException, InterruptedException;

  @Override
  void close();
}
