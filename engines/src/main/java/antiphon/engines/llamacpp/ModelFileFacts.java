package antiphon.engines.llamacpp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the list of models tells of a file. */
final class ModelFileFacts {

  private ModelFileFacts() {}

  /** When it was obtained, in whole Unix seconds; 0 if it is not there. */
  static long changed(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis() / 1000;
    } catch (IOException _) {
      return 0;
    }
  }
}
