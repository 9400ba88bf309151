package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models that were downloaded. A file bears a model's name only when it is whole; one that
 * broke off goes on where it did, if it is still the same file.
 */
public final class ModelFolder {

  private static final String ENDING = ".gguf";
  private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private final Path folder;
  private final Duration patience;

  /**
   * @param folder made if need be
   */
  public ModelFolder(Path folder) {
    this(folder, Transfer.PATIENCE);
  }

  /**
   * @param folder made if need be
   * @param patience how long a server may say nothing before its download is given up
   */
  public ModelFolder(Path folder, Duration patience) {
    this.folder = folder;
    this.patience = patience;
  }

  /** Every model's file, by name. */
  public List<Path> list() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
  }

  /**
   * Deletes a model, and what is left of a download of it.
   *
   * @param name its file's name
   * @return whether there was one
   */
  public boolean remove(String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    if (!folder.normalize().equals(file.getParent()) || !name.endsWith(ENDING)) {
      return false;
    }
    boolean part = Files.deleteIfExists(part(file));
    Files.deleteIfExists(tag(file));
    return Files.deleteIfExists(file) || part;
  }

  /**
   * Downloads a model.
   *
   * @param address of a GGUF file
   * @param sha256 that it must have, or null to take it as it comes
   * @param progress told as it goes on; the total is -1 if the server does not tell
   * @return its file
   * @throws IOException saying what is wrong
   */
  public Path pull(URI address, @Nullable String sha256, Progress progress)
      throws IOException, InterruptedException {
    String path = String.valueOf(address.getPath());
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (!name.endsWith(ENDING) || name.equals(ENDING)) {
      throw new IOException(address + " is no address of a " + ENDING + " file");
    }
    Path file = folder.resolve(name);
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("download.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!Files.exists(file)) {
        download(address, file, progress);
        check(part(file), sha256);
        ModelFetcher.land(part(file), file);
        Files.deleteIfExists(tag(file));
      }
    }
    return file;
  }

  private static void check(Path part, @Nullable String sha256) throws IOException {
    try (InputStream in = Files.newInputStream(part)) {
      if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        Files.delete(part);
        throw new IOException("what came is no GGUF file");
      }
    }
    if (sha256 != null) {
      Checksum.verify(part, sha256);
    }
  }

  private void download(URI address, Path file, Progress progress)
      throws IOException, InterruptedException {
    Path part = part(file);
    long already = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    // Only with the mark of what has come is the rest known to belong to it.
    if (already > 0 && Files.exists(tag(file))) {
      request.header("Range", "bytes=" + already + "-");
      request.header("If-Range", Files.readString(tag(file), StandardCharsets.UTF_8));
    }
    try (Transfer transfer = new Transfer(patience)) {
      HttpResponse<InputStream> response = transfer.send(request.build());
      try (InputStream body = response.body()) {
        switch (response.statusCode()) {
          case 200 -> take(transfer, response, body, file, 0, progress);
          case 206 -> take(transfer, response, body, file, already, progress);
          default -> throw new IOException(address + " answered " + response.statusCode());
        }
      }
    }
  }

  private static void take(
      Transfer transfer,
      HttpResponse<?> response,
      InputStream body,
      Path file,
      long already,
      Progress progress)
      throws IOException {
    String mark = response.headers().firstValue("ETag").orElse("");
    if (mark.isEmpty() || mark.startsWith("W/")) {
      Files.deleteIfExists(tag(file));
    } else {
      Files.writeString(tag(file), mark, StandardCharsets.UTF_8);
    }
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    long total = length < 0 ? -1 : already + length;
    StandardOpenOption how =
        already == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
    try (OutputStream out =
        Files.newOutputStream(
            part(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      transfer.copy(body, out, already, total, progress);
    }
    long size = Files.size(part(file));
    if (total >= 0 && size != total) {
      throw new IOException("the download broke off after " + size + " of " + total + " bytes");
    }
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private static Path tag(Path file) {
    return file.resolveSibling(file.getFileName() + ".etag");
  }
}
