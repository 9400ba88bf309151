package antiphon.engines.llamacpp;

import antiphon.engines.model.Pip;
import antiphon.engines.model.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp's server out of the Python package {@code xllamacpp}: fetched by pip, unpacked once,
 * and run by the Python that is there. It is not installed: a Python without {@code venv}, or one
 * that the system manages, serves as well.
 */
public final class PackageSource implements ProgramSource {

  private static final String NAME = "xllamacpp";
  private static final String VERSION = "2026.10.11549";
  private static final long ABOUT_BYTES = 33_000_000;

  /** Of its wheels for Linux, macOS and Windows. */
  private static final List<String> SHA256 =
      List.of(
          "c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261",
          "e2a3e79e775515de4ad197e667f874070446ef9ac9cf2044bc9866bc4c72289e",
          "4ecda27a308b2403aa13c9d04b270befab95edc556c24ed00b2f8a98bd7f6781",
          "1f2a08052bb653659bcf1bedbbaf86b97f41dd46aa2763d596d7f27c5d89a689",
          "1b76730ab9af47ec8d05a3d55154305fa92642f694dd9ad87d9e5a5e9956a59d");

  private static final String CHECK = "import sys; sys.exit(sys.version_info < (3, 10))";

  private final Path folder;
  private final Progress progress;
  private @Nullable Program found;

  /**
   * @param folder below which it is unpacked
   * @param progress told of the download, if there has to be one
   */
  public PackageSource(Path folder, Progress progress) {
    this.folder = folder;
    this.progress = progress;
  }

  @Override
  public synchronized Program get() throws ProgramUnavailable, InterruptedException {
    Program known = found;
    if (known != null) {
      return known;
    }
    String python = python();
    try {
      Path unpacked = folder.resolve(NAME + "-" + VERSION);
      if (!Files.isDirectory(unpacked)) {
        obtain(unpacked);
      }
      Program program = new Program.PythonPackage(python, unpacked, Scripts.runner(folder));
      found = program;
      return program;
    } catch (IOException e) {
      throw new ProgramUnavailable(advice("the package " + NAME + ": " + e.getMessage()));
    }
  }

  private static String python() throws ProgramUnavailable, InterruptedException {
    for (String name : List.of("python3", "python")) {
      try {
        Process process =
            new ProcessBuilder(name, "-c", CHECK)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() == 0) {
          return name;
        }
      } catch (IOException _) {
        // There is none of this name.
      }
    }
    throw new ProgramUnavailable(advice("there is no Python 3.10 or newer"));
  }

  private static String advice(String why) {
    return "llama.cpp's server is not here ("
        + why
        + "): install llama.cpp so that 'llama-server' is on the PATH, or Python 3.10 with pip;"
        + " or serve another engine with --engine URL.";
  }

  /** Two servers that start at once do it once; what is half unpacked never bears the name. */
  private void obtain(Path unpacked) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("download.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (Files.isDirectory(unpacked)) {
        return;
      }
      Path work = Files.createTempDirectory(folder, "unpack-");
      try {
        Path wheel = new Pip(progress).download(NAME + "==" + VERSION, SHA256, work, ABOUT_BYTES);
        Path content = Files.createDirectory(work.resolve("content"));
        unzip(wheel, content);
        Files.move(content, unpacked, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(work);
      }
    }
  }

  private static void unzip(Path wheel, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path file = into.resolve(entry.getName()).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("the package holds a file outside of itself: " + entry.getName());
        }
        if (!entry.isDirectory()) {
          Files.createDirectories(file.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
          }
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
