package antiphon.core.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * Keeps bytes, whole or not at all: what is being written cannot be read, and what a crash has left
 * half done is never seen. Calls block; files may be of any length, and none is held in memory.
 */
public interface BlobStore extends AutoCloseable {

  /** Begins to write. */
  Upload begin() throws IOException;

  /**
   * Opens bytes to be read.
   *
   * @throws java.nio.file.NoSuchFileException if there are none of this name
   */
  InputStream open(String blob) throws IOException;

  /** Removes bytes; nothing happens if there are none of this name. */
  void delete(String blob) throws IOException;

  /**
   * Removes what nobody uses: half uploads, and bytes whose file was never written or is gone,
   * because a process died between the two.
   *
   * @param age only what is older, so that uploads that go on are left alone
   * @param used whether a file has these bytes
   * @return the names of those removed
   */
  List<String> sweep(Duration age, Predicate<String> used) throws IOException;

  @Override
  default void close() {}

  /** Bytes on their way in. Used by one thread. */
  interface Upload extends AutoCloseable {

    /** Takes more. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Makes them durable and readable. Nothing can be written afterwards. */
    Blob keep() throws IOException;

    /** Drops what was not {@linkplain #keep kept}. */
    @Override
    void close();
  }

  /**
   * Bytes that are kept.
   *
   * @param name where they are; two uploads of the same bytes may share one
   * @param sha256 lower-case hex
   */
  record Blob(String name, long bytes, String sha256) {}
}
