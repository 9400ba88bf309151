package antiphon.knowledge.text;

import org.jspecify.annotations.Nullable;

/**
 * A chunk without its vector.
 *
 * @param heading the headings above it, from the outermost on
 * @param page that it begins on
 */
public record Cut(String text, String heading, @Nullable Integer page) {

  /** What is searched by: its text below its headings. */
  public String searched() {
    return heading.isEmpty() ? text : heading + "\n\n" + text;
  }
}
