package antiphon.core.tool;

import antiphon.protocol.content.Annotation;

/** What a mark in a model's text stands for. */
@FunctionalInterface
public interface Citation {

  /**
   * The annotation that takes the mark's place.
   *
   * @param start where the words begin that rest on it, in characters (Unicode code points) of the
   *     text without its marks
   * @param end where they end, and the mark was
   */
  Annotation at(int start, int end);
}
