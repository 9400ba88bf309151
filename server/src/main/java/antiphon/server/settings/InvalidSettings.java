package antiphon.server.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings hold mistakes. */
public final class InvalidSettings extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  /**
   * @param file where they are, or null if there is none
   * @param mistakes at least one
   */
  InvalidSettings(@Nullable Path file, List<Mistake> mistakes) {
    super(text(file, mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** All of them, in the file's order. */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  private static String text(@Nullable Path file, List<Mistake> mistakes) {
    return mistakes.stream()
        .map(mistake ->
            file == null || mistake.line() == 0 ? mistake.toString() : file + ", " + mistake)
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
