package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Whether a file is the one it should be. */
final class Checksum {

  private Checksum() {}

  /**
   * Compares a file's SHA-256, and deletes the file if it is another: going on with it would never
   * make it right.
   */
  static void verify(Path file, String sha256) throws IOException {
    String found = of(file);
    if (!found.equals(sha256)) {
      Files.delete(file);
      throw new IOException("the download is damaged: its SHA-256 is " + found);
    }
  }

  static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      int read = in.read(buffer);
      while (read >= 0) {
        digest.update(buffer, 0, read);
        read = in.read(buffer);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
