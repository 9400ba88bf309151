package antiphon.engines.llamacpp;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * The file that a child writes to, over its restarts; the one before is kept when it gets large.
 */
final class ChildLog {

  private static final long MOST_BYTES = 8L << 20;
  private static final int TAIL_BYTES = 16 << 10;
  private static final int MOST_LINES = 3;
  private static final int MOST_CHARACTERS = 600;

  private final Path folder;
  private final Path file;
  private volatile long from;

  /**
   * @param folder where the log is kept, made if need be
   * @param id of the model
   */
  ChildLog(Path folder, String id) {
    this.folder = folder;
    this.file = folder.resolve(safe(id) + ".log");
  }

  /** A name that any file system takes. */
  static String safe(String id) {
    return id.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  Path folder() {
    return folder;
  }

  /** A child starts: its words are those from here on. */
  void begin() throws IOException {
    Files.createDirectories(folder);
    if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    from = Files.exists(file) ? Files.size(file) : 0;
  }

  ProcessBuilder.Redirect appending() {
    return ProcessBuilder.Redirect.appendTo(new File(file.toString()));
  }

  /** The errors it told first, which are the cause of the others; else its last lines. */
  String lastWords() {
    List<String> lines = tail().lines().filter(line -> !line.isBlank()).toList();
    List<String> errors =
        lines.stream().filter(ChildLog::tellsAnError).map(ChildLog::bare).distinct().toList();
    List<String> told =
        errors.isEmpty()
            ? lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size())
            : errors.subList(0, Math.min(MOST_LINES, errors.size()));
    String text = String.join("; ", told.stream().map(ChildLog::bare).toList());
    return text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
  }

  private static boolean tellsAnError(String line) {
    String low = line.toLowerCase(Locale.ROOT);
    return line.matches("\\d+(\\.\\d+)+ E .*")
        || low.contains("error")
        || low.contains("failed")
        || low.contains("assert");
  }

  /** Without the time and the level that its lines begin with. */
  private static String bare(String line) {
    return line.replaceFirst("^\\d+(\\.\\d+)+ [A-Z] ", "").strip();
  }

  private String tail() {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(from, in.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, in.length() - start)];
      in.seek(start);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "its log cannot be read: " + e.getMessage();
    }
  }
}
