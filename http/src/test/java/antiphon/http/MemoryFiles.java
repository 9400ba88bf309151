package antiphon.http;

import antiphon.core.api.Files;
import antiphon.core.file.FileFilter;
import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.MediaTypes;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Files in memory; those of more than a few bytes are counted and not kept. */
final class MemoryFiles implements Files {

  private static final int KEPT = 1024 * 1024;

  final Map<FileId, StoredFile> files = new ConcurrentHashMap<>();
  final Map<FileId, byte[]> contents = new ConcurrentHashMap<>();
  final AtomicLong open = new AtomicLong();
  volatile long maxBytes = 8L * 1024 * 1024 * 1024;

  @Override
  public long maxBytes() {
    return maxBytes;
  }

  @Override
  public Upload upload(Owner owner) {
    open.incrementAndGet();
    return new Upload() {
      private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
      private long count;

      @Override
      public void write(byte[] bytes, int offset, int length) {
        count += length;
        if (count > maxBytes) {
          throw Rejected.invalid("file", "too large");
        }
        kept.write(bytes, offset, (int) Math.max(0, Math.min(length, KEPT - count + length)));
      }

      @Override
      public StoredFile finish(
          String filename,
          @Nullable String contentType,
          FilePurpose purpose,
          @Nullable Duration expiresAfter) {
        FileId id = new FileId(owner, "file_" + files.size());
        String type = MediaTypes.of(filename, contentType);
        Long expiry = expiresAfter == null ? null : 1000 + expiresAfter.toMillis();
        StoredFile file =
            new StoredFile(id, filename, purpose, count, "ab", "blob", type, 1000, expiry);
        files.put(id, file);
        contents.put(id, kept.toByteArray());
        return file;
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  @Override
  public StoredFile get(FileId id) {
    StoredFile file = files.get(id);
    if (file == null) {
      throw new Rejected(new Problem.NotFound("no such file", "file_id"));
    }
    return file;
  }

  @Override
  public Page<StoredFile> list(Owner owner, FileFilter filter, PageRequest page) {
    return new Page<>(
        files.values().stream()
            .filter(file -> file.id().owner().equals(owner))
            .filter(file -> filter.purpose() == null || file.purpose() == filter.purpose())
            .limit(page.limit())
            .toList(),
        false);
  }

  @Override
  public void delete(FileId id) {
    files.remove(get(id).id());
  }

  @Override
  public Content content(FileId id) {
    StoredFile file = get(id);
    byte[] bytes = contents.getOrDefault(id, new byte[0]);
    return new Content(file, new ByteArrayInputStream(bytes));
  }
}
