package antiphon.core.api;

import antiphon.core.file.FileFilter;
import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The operations on files. Whatever is not the owner's is {@link Rejected} as not found. */
public interface Files {

  /** The longest file, in bytes. */
  long maxBytes();

  /**
   * Begins an upload, which is to be closed.
   *
   * @throws Rejected if too many are going on
   */
  Upload upload(Owner owner);

  /** What is known of a file. */
  StoredFile get(FileId id);

  /** A page of the owner's files. */
  Page<StoredFile> list(Owner owner, FileFilter filter, PageRequest page);

  /** Removes a file, from vector stores too. */
  void delete(FileId id);

  /** Opens a file's bytes, to be closed. */
  Content content(FileId id);

  /** A file to be read. */
  record Content(StoredFile file, InputStream bytes) implements AutoCloseable {
    @Override
    public void close() {
      try {
        bytes.close();
      } catch (java.io.IOException _) {
        // It was read; nothing is lost.
      }
    }
  }

  /** A file on its way in. */
  interface Upload extends AutoCloseable {

    /**
     * Takes more bytes.
     *
     * @throws Rejected if the file is longer than allowed
     */
    void write(byte[] bytes, int offset, int length);

    /**
     * All of it has come.
     *
     * @param contentType as the client says; null to go by the name
     * @param expiresAfter from now; null for never
     * @throws Rejected if the name or the time is not allowed, or there are no bytes
     */
    StoredFile finish(
        String filename,
        @Nullable String contentType,
        FilePurpose purpose,
        @Nullable Duration expiresAfter);

    /** Drops what was not finished. */
    @Override
    void close();
  }
}
