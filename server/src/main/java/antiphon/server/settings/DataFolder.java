package antiphon.server.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one folder that everything is kept in.
 *
 * @param root the folder itself
 */
public record DataFolder(Path root) {

  /**
   * The folder to use.
   *
   * @param given from the command line, or null for the XDG base directory: {@code
   *     $XDG_DATA_HOME/antiphon}, by default {@code ~/.local/share/antiphon}
   */
  public static DataFolder of(@Nullable Path given, Map<String, String> environment) {
    if (given != null) {
      return new DataFolder(given.toAbsolutePath().normalize());
    }
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    Path base =
        xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(xdg);
    return new DataFolder(base.resolve("antiphon").toAbsolutePath());
  }

  /** Responses, logs and keys. */
  public Path database() {
    return root.resolve("antiphon.db");
  }

  /** Bytes of files. */
  public Path files() {
    return root.resolve("files");
  }

  /**
   * Python's packages for sandboxes. Those of a server that runs as root are read by users of their
   * own, who have no way into its folder.
   */
  public Path packages() {
    return System.getProperty("user.name", "").equals("root")
        ? Path.of("/var/lib/antiphon/python-packages")
        : root.resolve("python-packages");
  }

  /** Indexes, and other things that can be made again. */
  public Path knowledge() {
    return root.resolve("knowledge");
  }

  /** The pages and documents that searches of the web find without a network. */
  public Path pages() {
    return root.resolve("pages");
  }

  /** Downloaded models. */
  public Path models() {
    return root.resolve("models");
  }

  /** Programs that were downloaded. */
  public Path programs() {
    return root.resolve("programs");
  }

  /** What llama.cpp's server writes, and what was found out about its models. */
  public Path llamaCpp() {
    return root.resolve("llama.cpp");
  }

  private Path addressFile() {
    return root.resolve("run").resolve("address");
  }

  /**
   * Makes the folder, readable by its owner alone where the file system knows such a thing.
   *
   * @throws Unusable if it cannot be made, or not be written to
   */
  public void create() {
    try {
      boolean fresh = Files.notExists(root);
      Files.createDirectories(root);
      if (fresh && root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      }
      // The only way to know: permissions say nothing of a disk that is mounted to be read.
      Files.delete(Files.createTempFile(root, ".writable", ""));
    } catch (IOException e) {
      throw new Unusable(root, e);
    }
  }

  /** The key for reasoning that clients keep; made when it is asked for first. */
  public byte[] sealKey() {
    Path file = root.resolve("seal.key");
    try {
      if (Files.notExists(file)) {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        Path fresh = Files.createTempFile(root, "seal", ".new");
        Files.write(fresh, key);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("The key " + file + " cannot be read or made", e);
    }
  }

  /** Tells other commands where the server listens, once it is ready. */
  public void announce(String address) {
    try {
      Files.createDirectories(addressFile().getParent());
      Path fresh = addressFile().resolveSibling("address.new");
      Files.writeString(fresh, address, StandardCharsets.UTF_8);
      Files.move(
          fresh,
          addressFile(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("The address cannot be written below " + root, e);
    }
  }

  /** The server no longer listens. */
  public void unannounce() {
    try {
      Files.deleteIfExists(addressFile());
    } catch (IOException e) {
      throw new UncheckedIOException("The address below " + root + " cannot be removed", e);
    }
  }

  /** Nothing can be kept in the folder; says so, and what to do, in one line. */
  public static final class Unusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unusable(Path root, IOException cause) {
      super(
          "The data folder %s cannot be used (%s): give another with --data, or see that it is a folder that this user may write to."
              .formatted(root, reason(cause)),
          cause);
    }

    private static String reason(IOException cause) {
      return switch (cause) {
        case AccessDeniedException denied -> "no permission for " + denied.getFile();
        case FileAlreadyExistsException taken -> taken.getFile() + " is no folder";
        case FileSystemException failed when failed.getReason() != null ->
            failed.getFile() + ": " + failed.getReason();
        default -> String.valueOf(cause.getMessage());
      };
    }
  }

  /** Where the server of this folder listens or, after a crash, listened. */
  public Optional<String> address() {
    try {
      return Files.exists(addressFile())
          ? Optional.of(Files.readString(addressFile(), StandardCharsets.UTF_8).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The address below " + root + " cannot be read", e);
    }
  }
}
