package antiphon.core.file;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what is known of files; their bytes are in a {@link BlobStore}. A file whose time is over
 * is not found any more, whether it has been removed yet or not.
 */
public interface FileStore {

  /** Writes a file, whose bytes are in place. */
  void add(StoredFile file);

  /** The file. */
  Optional<StoredFile> find(FileId id);

  /**
   * A page of an owner's files, by the moment they were made.
   *
   * @return empty if {@code after} or {@code before} names no file of the owner's
   */
  Optional<Page<StoredFile>> list(Owner owner, FileFilter filter, PageRequest page);

  /**
   * Removes a file, and takes it out of every vector store that it is in, so that no search finds
   * it from now on.
   *
   * @return what it was; empty if there is none
   */
  Optional<StoredFile> delete(FileId id);

  /** Some of the files whose time is over. */
  List<FileId> expired(int limit);

  /** Whether any file, of whomever, has its bytes there. */
  boolean uses(String blob);

  /** The time that files are dated and expire by. */
  InstantSource clock();
}
