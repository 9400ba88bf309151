package antiphon.engines.model;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fetches Python packages as files. Pip does it, so its settings (an index of the company's own, a
 * proxy) hold here too; nothing of a package is run.
 */
public final class Pip {

  private static final int LIMIT_MINUTES = 60;
  private static final int POLL_MILLIS = 200;
  private static final int MOST_SAID = 300;
  private static final String WANTED = "requirements.txt";
  private static final String LOG = "pip.log";
  private static final String SCRATCH = "pip";
  private static final Set<String> OURS = Set.of(WANTED, LOG);
  private static final List<String> TEMPORARY = List.of("TMPDIR", "TEMP", "TMP");
  private static final List<List<String>> PIPS =
      List.of(
          List.of("python3", "-m", "pip"),
          List.of("pip3"),
          List.of("pip"),
          List.of("python", "-m", "pip"));

  private final Progress progress;

  /**
   * @param progress told as a download goes on
   */
  public Pip(Progress progress) {
    this.progress = progress;
  }

  /**
   * The wheel of a package, without what it depends on.
   *
   * @param requirement the package and its version
   * @param sha256 of the wheels that may come; empty if the caller checks what it takes out
   * @param folder where it is put; its own, and empty
   * @param bytes its length, about, for the progress
   */
  public Path download(String requirement, List<String> sha256, Path folder, long bytes)
      throws IOException, InterruptedException {
    Path wanted = folder.resolve(WANTED);
    StringBuilder line = new StringBuilder(requirement);
    sha256.forEach(hash -> line.append(" --hash=sha256:").append(hash));
    Files.writeString(wanted, line.append('\n'), StandardCharsets.UTF_8);
    Path scratch = Files.createDirectory(folder.resolve(SCRATCH)).toAbsolutePath();
    try {
      return download(wanted, folder, scratch, bytes);
    } finally {
      delete(scratch);
    }
  }

  private Path download(Path wanted, Path folder, Path scratch, long bytes)
      throws IOException, InterruptedException {
    List<String> tried = new ArrayList<>();
    for (List<String> pip : PIPS) {
      List<String> command = new ArrayList<>(pip);
      command.addAll(
          List.of("download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:"));
      command.addAll(List.of("--dest", folder.toString(), "-r", wanted.toString()));
      Path log = folder.resolve(LOG);
      Process process;
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Where it can be seen growing: pip brings a file to the folder only when it is whole.
        TEMPORARY.forEach(name -> builder.environment().put(name, scratch.toString()));
        process = builder.start();
      } catch (IOException _) {
        tried.add(String.join(" ", pip) + ": not found");
        continue;
      }
      if (await(process, folder, bytes)) {
        return wheel(folder);
      }
      String said = Files.readString(log, StandardCharsets.UTF_8).strip();
      tried.add(
          String.join(" ", pip) + ": " + said.substring(0, Math.min(MOST_SAID, said.length())));
    }
    throw new IOException(String.join("; ", tried));
  }

  /** Pip does not say how far it is; the files it writes do. */
  private boolean await(Process process, Path folder, long bytes) throws InterruptedException {
    try {
      long polls = TimeUnit.MINUTES.toMillis(LIMIT_MINUTES) / POLL_MILLIS;
      for (long i = 0; i < polls; i++) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return process.exitValue() == 0;
        }
        progress.at(Math.min(size(folder), bytes), bytes);
      }
      return false;
    } finally {
      process.destroyForcibly();
    }
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(Path::toFile)
          .filter(file -> file.isFile() && !OURS.contains(file.getName()))
          .mapToLong(File::length)
          .sum();
    } catch (IOException | UncheckedIOException _) {
      // A file has gone meanwhile.
      return 0;
    }
  }

  private static void delete(Path scratch) throws IOException {
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Path wheel(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new IOException("pip gave no wheel"));
    }
  }
}
