package antiphon.server.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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

  /** Downloaded models. */
  public Path models() {
    return root.resolve("models");
  }

  private Path addressFile() {
    return root.resolve("run").resolve("address");
  }

  /** Makes the folder, readable by its owner alone where the file system knows such a thing. */
  public void create() {
    try {
      boolean fresh = Files.notExists(root);
      Files.createDirectories(root);
      if (fresh && root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + root + " cannot be made", e);
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
