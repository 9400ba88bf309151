package antiphon.server.settings;

import antiphon.core.prompt.ConfiguredPrompts;
import antiphon.core.prompt.PromptTemplate;
import antiphon.core.prompt.StoredVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prompts in files: {@code ID/VERSION.md}, or {@code ID.md} for one that has a single version. Any
 * extension will do; names that begin with a dot are left out.
 */
final class PromptFolder {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
  private static final Pattern VERSION = Pattern.compile("([1-9][0-9]{0,8})(?:\\.[A-Za-z0-9]+)?");

  /** So many files are read. */
  private static final int MOST = 10_000;

  private final Map<String, List<StoredVersion>> prompts = new TreeMap<>();
  private int count;

  private PromptFolder() {}

  /**
   * Reads a folder.
   *
   * @throws IOException saying which file cannot stand, and why
   */
  static ConfiguredPrompts read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    PromptFolder reading = new PromptFolder();
    for (Path entry : entries(folder)) {
      String name = String.valueOf(entry.getFileName());
      if (Files.isDirectory(entry)) {
        for (Path file : entries(entry)) {
          reading.add(name, number(file), file);
        }
      } else {
        reading.add(stem(name), 1, entry);
      }
    }
    return new ConfiguredPrompts(reading.prompts);
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path entry : found) {
        if (!String.valueOf(entry.getFileName()).startsWith(".")) {
          entries.add(entry);
        }
      }
    }
    entries.sort(null);
    return entries;
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static int number(Path file) throws IOException {
    Matcher name = VERSION.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      throw new IOException(file + " must be named by its version, such as 1.md");
    }
    return Integer.parseInt(name.group(1));
  }

  private void add(String id, int number, Path file) throws IOException {
    if (!ID.matcher(id).matches()) {
      throw new IOException(file + ": a prompt's id has letters, digits, '_' and '-'");
    }
    if (++count > MOST) {
      throw new IOException("there are more than " + MOST + " files");
    }
    if (Files.size(file) > 4L * PromptTemplate.LONGEST) {
      throw new IOException(file + " is too long");
    }
    String template = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (template.isEmpty() || template.length() > PromptTemplate.LONGEST) {
      throw new IOException(file + " must have 1 to " + PromptTemplate.LONGEST + " characters");
    }
    List<StoredVersion> versions = prompts.computeIfAbsent(id, _ -> new ArrayList<>());
    if (versions.stream().anyMatch(version -> version.number() == number)) {
      throw new IOException(file + ": version " + number + " of " + id + " is there twice");
    }
    versions.add(new StoredVersion(number, template, Files.getLastModifiedTime(file).toMillis()));
  }
}
