package antiphon.sandbox.container;

import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import java.io.InputStream;

/** Uploaded files, to be copied into containers. */
@FunctionalInterface
public interface FileSource {

  /** Where no files are kept. */
  FileSource NONE =
      (_, fileId) -> {
        throw Rejected.invalid("file_ids", "No such File object: " + fileId);
      };

  /**
   * Opens a file, to be closed.
   *
   * @throws Rejected if the owner has no such file
   */
  Source open(Owner owner, String fileId);

  /** A file's name and bytes. */
  record Source(String name, InputStream bytes) {}
}
