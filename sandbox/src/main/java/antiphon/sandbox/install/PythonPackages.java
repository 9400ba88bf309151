package antiphon.sandbox.install;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the environment of Python packages that sandboxes read: beside its place first, so that
 * what is there works until the new one is whole.
 */
public final class PythonPackages {

  /** What a code interpreter is expected to have. */
  public static final List<String> NAMES =
      List.of("numpy", "pandas", "matplotlib", "openpyxl", "pillow");

  private static final Pattern SIZE = Pattern.compile("Downloading \\S+ \\(([0-9.]+) (kB|MB)\\)");

  private static final int LAST_WORDS = 12;

  private final Path folder;
  private final String python;

  /**
   * @param folder where it is to be
   * @param python the interpreter that sandboxes have: packages of another would not work
   */
  public PythonPackages(Path folder, String python) {
    this.folder = folder.toAbsolutePath();
    this.python = python;
  }

  /**
   * Installs.
   *
   * @param downloaded takes how many bytes have come so far
   * @return the packages with their versions
   * @throws IOException saying what went wrong, and the last words of the program that failed
   */
  public List<String> install(LongConsumer downloaded) throws IOException, InterruptedException {
    Path fresh = folder.resolveSibling(folder.getFileName() + ".new");
    Path old = folder.resolveSibling(folder.getFileName() + ".old");
    delete(fresh);
    Files.createDirectories(folder.getParent());
    run(
        "Python cannot make an environment (Debian and Ubuntu: apt install python3-venv)",
        Map.of(),
        _ -> {},
        List.of(python, "-m", "venv", fresh.toString()));
    String inside = fresh.resolve("bin/python3").toString();
    get(inside, downloaded);
    // Found out once: each sandbox would need seconds for it.
    run(
        "matplotlib does not work",
        Map.of("MPLCONFIGDIR", fresh.resolve("matplotlib-cache").toString()),
        _ -> {},
        List.of(inside, "-c", "import matplotlib.font_manager, pandas, openpyxl, PIL"));
    List<String> versions = versions(inside);
    delete(old);
    if (Files.exists(folder)) {
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    delete(old);
    return versions;
  }

  private static void get(String inside, LongConsumer downloaded)
      throws IOException, InterruptedException {
    long[] bytes = {0};
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                inside,
                "-m",
                "pip",
                "install",
                "--no-input",
                "--disable-pip-version-check",
                "--only-binary=:all:",
                "--progress-bar",
                "off"));
    command.addAll(NAMES);
    run(
        "The packages cannot be installed",
        Map.of(),
        line -> {
          bytes[0] += size(line);
          downloaded.accept(bytes[0]);
        },
        command);
  }

  /** The bytes that a line of pip says are being fetched. */
  static long size(String line) {
    Matcher matcher = SIZE.matcher(line);
    if (!matcher.find()) {
      return 0;
    }
    double number = Double.parseDouble(matcher.group(1));
    return Math.round(number * (matcher.group(2).equals("MB") ? 1e6 : 1e3));
  }

  private static List<String> versions(String inside) throws IOException, InterruptedException {
    List<String> found = new java.util.ArrayList<>();
    run(
        "The packages cannot be listed",
        Map.of(),
        line -> {
          if (NAMES.stream().anyMatch(name -> line.startsWith(name + "=="))) {
            found.add(line.replace("==", " "));
          }
        },
        List.of(inside, "-m", "pip", "freeze", "--disable-pip-version-check"));
    return found;
  }

  /** Runs a program whose files everybody may read: sandboxes are other users. */
  private static void run(
      String failure, Map<String, String> environment, Consumer<String> lines, List<String> command)
      throws IOException, InterruptedException {
    List<String> whole =
        new java.util.ArrayList<>(List.of("/bin/sh", "-c", "umask 022; exec \"$@\"", "sh"));
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
        last.add(line);
        if (last.size() > LAST_WORDS) {
          last.remove();
        }
      }
      if (process.waitFor() != 0) {
        throw new IOException(failure + ":\n" + String.join("\n", last));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
