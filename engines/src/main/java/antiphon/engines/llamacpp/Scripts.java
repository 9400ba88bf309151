package antiphon.engines.llamacpp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The scripts and the template that come with this program, as files. */
final class Scripts {

  private Scripts() {}

  /** Runs a program that ends with its caller. */
  static Path watch(Path folder) throws IOException {
    return file(folder, "watch.sh");
  }

  /** Runs the server of the Python package. */
  static Path runner(Path folder) throws IOException {
    return file(folder, "runner.py");
  }

  /** A chat template of the usual form that offers tools, for models whose own does not. */
  static Path template(Path folder) throws IOException {
    return file(folder, "chatml-tools.jinja");
  }

  private static synchronized Path file(Path folder, String name) throws IOException {
    byte[] wanted;
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing in this program");
      }
      wanted = in.readAllBytes();
    }
    Path file = folder.resolve(name);
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), wanted)) {
      Files.createDirectories(folder);
      Files.write(file, wanted);
    }
    return file;
  }
}
