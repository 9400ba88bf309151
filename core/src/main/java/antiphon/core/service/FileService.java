package antiphon.core.service;

import antiphon.core.api.Files;
import antiphon.core.file.BlobStore;
import antiphon.core.file.FileFilter;
import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.FileStore;
import antiphon.core.file.MediaTypes;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.StoreException;
import antiphon.core.vector.IndexWork;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The operations on files: bytes first, then the row that makes them a file; the other way round
 * when it is deleted.
 */
public final class FileService implements Files {

  /** So many uploads at a time: each may be slow, and each has its part on the disk. */
  private static final int MOST_UPLOADS = 64;

  private static final int MOST_NAME = 255;
  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  /** What some clients call a part that has no name. */
  private static final String NAMELESS = "blob";

  private final FileStore store;
  private final BlobStore blobs;
  private final long maxBytes;
  private final IndexWork work;
  private final Ids ids;
  private final Semaphore places = new Semaphore(MOST_UPLOADS);

  /**
   * Two files may share their bytes: nobody removes bytes between the moment that an upload has
   * found them there and the moment that its row is written.
   */
  private final ReentrantReadWriteLock sharing = new ReentrantReadWriteLock();

  /**
   * @param maxBytes the longest file
   * @param work is told of deleted files
   */
  public FileService(FileStore store, BlobStore blobs, long maxBytes, IndexWork work) {
    this.store = store;
    this.blobs = blobs;
    this.maxBytes = maxBytes;
    this.work = work;
    this.ids = new Ids(store.clock());
  }

  @Override
  public long maxBytes() {
    return maxBytes;
  }

  @Override
  public Upload upload(Owner owner) {
    if (!places.tryAcquire()) {
      throw new Rejected(
          new Problem.Overloaded(
              "The server is busy: " + MOST_UPLOADS + " uploads are going on already.",
              Duration.ofSeconds(2)));
    }
    try {
      return new Incoming(owner, blobs.begin());
    } catch (IOException e) {
      places.release();
      throw fault(e);
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
  }

  @Override
  public StoredFile get(FileId id) {
    return store.find(id).orElseThrow(() -> NotFound.file(id.value()));
  }

  @Override
  public Page<StoredFile> list(Owner owner, FileFilter filter, PageRequest page) {
    return store.list(owner, filter, page).orElseThrow(() -> NotFound.cursor(page));
  }

  @Override
  public void delete(FileId id) {
    StoredFile file = store.delete(id).orElseThrow(() -> NotFound.file(id.value()));
    work.recheck();
    drop(file.blob());
  }

  /** Removes bytes that no file has any more. */
  private void drop(String blob) {
    sharing.writeLock().lock();
    try {
      if (!store.uses(blob)) {
        blobs.delete(blob);
      }
    } catch (IOException e) {
      throw fault(e);
    } finally {
      sharing.writeLock().unlock();
    }
  }

  @Override
  public Content content(FileId id) {
    StoredFile file = get(id);
    try {
      return new Content(file, blobs.open(file.blob()));
    } catch (NoSuchFileException _) {
      // It was deleted in this moment; or its bytes are lost, which is the same to who asks.
      throw NotFound.file(id.value());
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /**
   * Removes files whose time is over.
   *
   * @return how many
   */
  public int expire(int most) {
    int removed = 0;
    for (FileId id : store.expired(most)) {
      var file = store.delete(id);
      if (file.isPresent()) {
        drop(file.get().blob());
        removed++;
      }
    }
    return removed;
  }

  /** Removes bytes that a process left behind when it died. */
  public int sweep(Duration age) {
    try {
      return blobs.sweep(age, store::uses).size();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private static StoreException fault(IOException e) {
    return new StoreException("the files cannot be reached: " + e.getMessage(), e);
  }

  private static String name(String given) {
    // Some clients send the whole path.
    String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    if (name.isBlank() || name.equals(NAMELESS)) {
      throw Rejected.invalid("file", "Invalid 'file': the uploaded part needs a filename.");
    }
    if (name.length() > MOST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw Rejected.invalid(
          "file",
          "Invalid 'file': its name must have at most "
              + MOST_NAME
              + " characters, none of them a control character.");
    }
    return name;
  }

  private @Nullable Long expiresAt(long now, @Nullable Duration after) {
    if (after == null) {
      return null;
    }
    if (after.compareTo(SHORTEST) < 0 || after.compareTo(LONGEST) > 0) {
      throw Rejected.invalid(
          "expires_after[seconds]",
          "Invalid 'expires_after[seconds]': must be an integer between %d and %d."
              .formatted(SHORTEST.toSeconds(), LONGEST.toSeconds()));
    }
    return now + after.toMillis();
  }

  private final class Incoming implements Upload {
    private final Owner owner;
    private final BlobStore.Upload bytes;
    private long count;
    private boolean closed;

    Incoming(Owner owner, BlobStore.Upload bytes) {
      this.owner = owner;
      this.bytes = bytes;
    }

    @Override
    public void write(byte[] more, int offset, int length) {
      if (length > maxBytes - count) {
        throw Rejected.invalid(
            "file", "Invalid 'file': it is larger than the " + maxBytes + " bytes allowed.");
      }
      count += length;
      try {
        bytes.write(more, offset, length);
      } catch (IOException e) {
        throw fault(e);
      }
    }

    @Override
    public StoredFile finish(
        String filename,
        @Nullable String contentType,
        FilePurpose purpose,
        @Nullable Duration expiresAfter) {
      String name = name(filename);
      if (count == 0) {
        throw Rejected.invalid("file", "Invalid 'file': it is empty.");
      }
      long now = store.clock().millis();
      Long expiresAt = expiresAt(now, expiresAfter);
      sharing.readLock().lock();
      try {
        BlobStore.Blob blob = bytes.keep();
        StoredFile file =
            new StoredFile(
                new FileId(owner, ids.next("file")),
                name,
                purpose,
                blob.bytes(),
                blob.sha256(),
                blob.name(),
                MediaTypes.of(name, contentType),
                now,
                expiresAt);
        store.add(file);
        return file;
      } catch (IOException e) {
        throw fault(e);
      } finally {
        sharing.readLock().unlock();
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        places.release();
        bytes.close();
      }
    }
  }
}
