package antiphon.knowledge.blob;

import antiphon.core.file.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Bytes of files in a folder, each under the sha256 of its bytes, so that the same bytes are there
 * once. They are written under another name and moved when they are whole and on the disk. For one
 * process at a time.
 */
public final class FolderBlobs implements BlobStore {

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final Path incoming;
  private final Path kept;
  private final InstantSource clock;

  /**
   * @param folder is made if it is not there
   */
  public FolderBlobs(Path folder, InstantSource clock) {
    this.incoming = folder.resolve("incoming");
    this.kept = folder.resolve("kept");
    this.clock = clock;
    try {
      Files.createDirectories(incoming);
      Files.createDirectories(kept);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder + " cannot be made", e);
    }
  }

  @Override
  public Upload begin() throws IOException {
    return new Incoming(Files.createTempFile(incoming, "", ".part"));
  }

  @Override
  public InputStream open(String blob) throws IOException {
    return Files.newInputStream(path(blob));
  }

  @Override
  public void delete(String blob) throws IOException {
    Files.deleteIfExists(path(blob));
  }

  /** Two letters of the name make a folder: a folder of a million files is slow to list. */
  private Path path(String blob) throws NoSuchFileException {
    if (!NAME.matcher(blob).matches()) {
      throw new NoSuchFileException(blob);
    }
    return folder(blob).resolve(blob);
  }

  private Path folder(String blob) {
    return kept.resolve(blob.substring(0, 2));
  }

  @Override
  public List<String> sweep(Duration age, Predicate<String> used) throws IOException {
    FileTime before = FileTime.from(clock.instant().minus(age));
    List<String> removed = new ArrayList<>();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(incoming)) {
      for (Path part : parts) {
        if (isOlder(part, before) && Files.deleteIfExists(part)) {
          removed.add(part.getFileName().toString());
        }
      }
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(kept)) {
      for (Path folder : folders) {
        sweep(folder, before, used, removed);
      }
    }
    return removed;
  }

  private static void sweep(
      Path folder, FileTime before, Predicate<String> used, List<String> removed)
      throws IOException {
    try (DirectoryStream<Path> blobs = Files.newDirectoryStream(folder)) {
      for (Path blob : blobs) {
        String name = blob.getFileName().toString();
        if (isOlder(blob, before) && !used.test(name) && Files.deleteIfExists(blob)) {
          removed.add(name);
        }
      }
    }
  }

  private static boolean isOlder(Path file, FileTime than) throws IOException {
    try {
      return Files.getLastModifiedTime(file).compareTo(than) < 0;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private final class Incoming implements Upload {
    private final Path part;
    private final FileChannel channel;
    private final MessageDigest digest = sha256();
    private long count;

    Incoming(Path part) throws IOException {
      this.part = part;
      this.channel = FileChannel.open(part, StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      digest.update(bytes, offset, length);
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        count += channel.write(buffer);
      }
    }

    @Override
    public Blob keep() throws IOException {
      channel.force(true);
      channel.close();
      String name = HexFormat.of().formatHex(digest.digest());
      Path place = path(name);
      Path folder = folder(name);
      try {
        Files.createDirectory(folder);
        force(kept);
      } catch (FileAlreadyExistsException _) {
        // Others begin with the same letters.
      }
      // Over what may be there: it is the same, and its age begins anew.
      Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder);
      return new Blob(name, count, name);
    }

    @Override
    public void close() {
      try {
        channel.close();
        Files.deleteIfExists(part);
      } catch (IOException _) {
        // The next sweep removes it.
      }
    }
  }

  /** Makes a move durable, where the system can. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // Windows cannot open folders.
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
