package antiphon.sandbox.container;

import antiphon.core.container.ContainerFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of files in containers: the same for the same path in the same container. */
final class FileIds {

  private static final int BYTES = 16;

  private FileIds() {}

  static String of(String container, String path) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((container + '\0' + path).getBytes(StandardCharsets.UTF_8));
      return ContainerFile.PREFIX + "_" + HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
