package antiphon.engines.llamacpp;

import antiphon.engines.model.Progress;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where llama.cpp's server is taken from: what was given, what the machine has, else a package. */
public final class Programs {

  private static final String NAME = "llama-server";

  private Programs() {}

  /**
   * The source to use.
   *
   * @param given a {@code llama-server}, or null to look for one
   * @param path the PATH
   * @param folder below which the package is unpacked, where there is no program
   * @param progress told of its download
   */
  public static ProgramSource find(
      @Nullable Path given, String path, Path folder, Progress progress) {
    if (given != null) {
      return () -> {
        if (!Files.isExecutable(given)) {
          throw new ProgramUnavailable("There is no program " + given + " that can be run.");
        }
        return new Program.LlamaServer(given);
      };
    }
    return onPath(path)
        .<ProgramSource>map(file -> () -> new Program.LlamaServer(file))
        .orElseGet(() -> new PackageSource(folder, progress));
  }

  private static Optional<Path> onPath(String path) {
    for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
      for (String name : new String[] {NAME, NAME + ".exe"}) {
        try {
          Path file = Path.of(folder.isEmpty() ? "." : folder, name);
          if (Files.isRegularFile(file) && Files.isExecutable(file)) {
            return Optional.of(file.toAbsolutePath());
          }
        } catch (InvalidPathException _) {
          break;
        }
      }
    }
    return Optional.empty();
  }
}
