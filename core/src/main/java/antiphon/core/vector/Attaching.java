package antiphon.core.vector;

import java.util.List;

/** What came of putting files into a store. */
public sealed interface Attaching {

  /** They are in it, and wait to be indexed. */
  record Attached(List<AttachedFile> files) implements Attaching {}

  /**
   * Nothing was done: the store has this content already, or would have it twice.
   *
   * @param fileId that was to be put in
   * @param held the file that has the content
   */
  record Duplicate(String fileId, String held) implements Attaching {}

  /** Nothing was done: the store would have more files than it may. */
  record TooMany(int most) implements Attaching {}

  /** There is no such store. */
  record NoStore() implements Attaching {}
}
