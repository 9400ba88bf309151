package antiphon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All sources are in google-java-format. With {@code -Dformat.fix=true} this test rewrites those
 * that are not. It is a test, not a plugin, because the formatter needs the JDK that compiles and
 * Maven may run on an older one.
 */
class FormatTest {

  private static final Path HOME = Path.of(System.getProperty("antiphon.home"));

  private final Formatter formatter = new Formatter();

  @Test
  void everySourceIsFormatted() throws IOException, FormatterException {
    boolean fix = Boolean.getBoolean("format.fix");
    List<Path> wrong = new ArrayList<>();
    for (Path file : sources()) {
      String source = Files.readString(file);
      String formatted = format(source);
      if (!formatted.equals(source)) {
        wrong.add(HOME.relativize(file));
        if (fix) {
          Files.writeString(file, formatted);
        }
      }
    }
    assertThat(fix ? List.of() : wrong)
        .as(
            "not formatted; mvn -pl acceptance -am test -Dtest=FormatTest -Dformat.fix=true mends"
                + " it")
        .isEmpty();
  }

  private String format(String source) throws FormatterException {
    String ordered =
        ImportOrderer.reorderImports(
            RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
    return formatter.formatSource(ordered);
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(HOME)) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        Path src = module.resolve("src");
        if (Files.isDirectory(src)) {
          try (Stream<Path> files = Files.walk(src)) {
            files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    assertThat(sources.size()).isGreaterThan(300);
    return sources;
  }
}
