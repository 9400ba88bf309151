package antiphon.core.file;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a file is for. It decides nothing here but what lists are filtered by. */
public enum FilePurpose {
  ASSISTANTS("assistants"),
  BATCH("batch"),
  FINE_TUNE("fine-tune"),
  VISION("vision"),
  USER_DATA("user_data"),
  EVALS("evals");

  private final String wire;

  FilePurpose(String wire) {
    this.wire = wire;
  }

  /** The word on the wire. */
  public String wire() {
    return wire;
  }

  /** The purpose of that word. */
  public static Optional<FilePurpose> of(String wire) {
    return Arrays.stream(values()).filter(purpose -> purpose.wire.equals(wire)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(FilePurpose::wire).toList();
  }
}
