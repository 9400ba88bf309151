package antiphon.engines.embedded.gguf;

import java.util.List;

/** A value in a GGUF file's metadata. */
public sealed interface GgufValue {

  /** Any of the file's integers, signed or not; a value above {@link Long#MAX_VALUE} is refused. */
  record Whole(long value) implements GgufValue {}

  /** A float or a double. */
  record Real(double value) implements GgufValue {}

  /** A boolean. */
  record Flag(boolean value) implements GgufValue {}

  /** A string; bytes that are not UTF-8 are replaced. */
  record Text(String value) implements GgufValue {}

  /**
   * An array.
   *
   * @param length how many elements the file has
   * @param head the first few of them, the rest was stepped over; a vocabulary has many thousands
   */
  record Many(long length, List<GgufValue> head) implements GgufValue {
    public Many {
      head = List.copyOf(head);
    }
  }
}
