package antiphon.testkit.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The program that sandboxes are made with: the machine's, or Debian's package of it. */
public final class BubblewrapProgram {

  private static @Nullable String found;

  private BubblewrapProgram() {}

  /** Its path; one that leads nowhere if it cannot be had. */
  public static synchronized String path() throws IOException, InterruptedException {
    String program = found == null ? find() : found;
    found = program;
    return program;
  }

  private static String find() throws IOException, InterruptedException {
    Path usual = Path.of("/usr/bin/bwrap");
    if (Files.isExecutable(usual) || install()) {
      return usual.toString();
    }
    // Who may not install may unpack.
    Path cache = Path.of(System.getProperty("java.io.tmpdir"), "antiphon-bubblewrap");
    Path unpacked = cache.resolve("usr/bin/bwrap");
    if (!Files.isExecutable(unpacked)) {
      Files.createDirectories(cache);
      run("sh", "-c", "cd '" + cache + "' && apt-get download -q bubblewrap");
      try (Stream<Path> files = Files.list(cache)) {
        for (Path deb : files.filter(file -> file.toString().endsWith(".deb")).toList()) {
          run("dpkg", "-x", deb.toString(), cache.toString());
        }
      }
    }
    return unpacked.toString();
  }

  private static boolean install() throws InterruptedException {
    String[] install = {"apt-get", "install", "-y", "-q", "bubblewrap"};
    return run(install) || (run("apt-get", "update", "-q") && run(install));
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
