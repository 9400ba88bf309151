package antiphon.knowledge.text;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a text as its author set it: a paragraph, a heading, a row of a table.
 *
 * @param level 1 to 6 for a heading, 0 for anything else
 * @param page that it is on, from 1; null for what has no pages
 */
public record Block(int level, @Nullable Integer page, String text) {

  /** Anything but a heading. */
  public static Block text(@Nullable Integer page, String text) {
    return new Block(0, page, text);
  }
}
