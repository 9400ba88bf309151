package antiphon.sandbox.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The folder with the few files that sandboxes are started from; gone with its server. */
final class JailFolder {

  private static final String PREFIX = "antiphon-sandbox-";

  private JailFolder() {}

  /** A new one, that this user alone can read. What killed servers have left is swept away. */
  static Path make() throws IOException {
    Path made = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(made.getParent(), PREFIX + "[0-9]*-*")) {
      for (Path folder : all) {
        if (isOurs(folder, made) && isLeft(folder)) {
          delete(folder);
        }
      }
    }
    return made;
  }

  /** Everybody may make folders there; those that belong to this user are no trap. */
  private static boolean isOurs(Path folder, Path mine) {
    try {
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine));
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean isLeft(Path folder) {
    String pid = folder.getFileName().toString().substring(PREFIX.length()).split("-", -1)[0];
    return !Files.exists(Path.of("/proc", pid));
  }

  static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException _) {
      // It holds nothing that matters.
    }
  }
}
