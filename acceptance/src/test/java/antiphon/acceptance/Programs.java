package antiphon.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs, and keeps what they say. */
final class Programs {

  private Programs() {}

  /** What became of a program. */
  record Result(int exit, String output) {}

  /**
   * Runs a program to its end.
   *
   * @param limit after which it is killed, and this fails
   */
  static Result run(
      Path folder, Map<String, String> environment, Duration limit, List<String> command) {
    try {
      Path output = Files.createTempFile("antiphon-", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      String said = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      if (!ended) {
        throw new IllegalStateException(command + " did not end in " + limit + ":\n" + said);
      }
      return new Result(process.exitValue(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a program that must succeed. */
  static String must(Path folder, Duration limit, List<String> command) {
    Result result = run(folder, Map.of(), limit, command);
    if (result.exit() != 0) {
      throw new IllegalStateException(command + " failed:\n" + result.output());
    }
    return result.output();
  }
}
