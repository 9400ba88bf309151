package antiphon.knowledge.extract;

import antiphon.core.vector.AttachedFile;
import antiphon.knowledge.text.Block;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of reading a file. */
public sealed interface Extracted {

  /**
   * Its text.
   *
   * @param pages how many it has; null for what has none
   */
  record Text(List<Block> blocks, @Nullable Integer pages) implements Extracted {}

  /** It cannot be read, and another try would not mend that. */
  record Unreadable(AttachedFile.Failure failure) implements Extracted {

    static Unreadable invalid(String message) {
      return new Unreadable(new AttachedFile.Failure(AttachedFile.Code.INVALID_FILE, message));
    }

    static Unreadable unsupported(String message) {
      return new Unreadable(new AttachedFile.Failure(AttachedFile.Code.UNSUPPORTED_FILE, message));
    }
  }
}
