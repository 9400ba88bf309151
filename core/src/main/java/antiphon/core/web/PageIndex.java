package antiphon.core.web;

import java.util.List;
import java.util.Optional;

/** Pages and documents that the operator has added, searched without a network. */
public interface PageIndex extends AutoCloseable {

  /** Whether there is nothing to find; pages may be added at any time. */
  boolean isEmpty();

  /**
   * Searches. Blocking; an interrupt stops it.
   *
   * @param text what is looked for
   * @param domains hosts, in lower case, that pages may be of, or below; empty for all pages
   * @param most how many pages at most
   * @return each page once, the best first
   */
  List<Hit> search(String text, List<String> domains, int most) throws InterruptedException;

  /**
   * A page, whole.
   *
   * @param url as a search has told it; what follows a {@code #} does not matter
   */
  Optional<Page> page(String url) throws InterruptedException;

  @Override
  void close();

  /**
   * A page that was found.
   *
   * @param text its passages that fit best
   */
  record Hit(String url, String title, String text) {}

  /**
   * A page.
   *
   * @param text all of it
   */
  record Page(String url, String title, String text) {}
}
