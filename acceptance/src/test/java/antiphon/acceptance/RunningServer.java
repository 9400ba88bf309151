package antiphon.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server as a user starts it, in a process of its own. */
final class RunningServer implements AutoCloseable {

  /** The key that the server is given in its environment. */
  static final String KEY = "sk-acceptance-0123456789abcdef";

  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private final Path home;
  private final Path data;
  private final List<String> flags;
  private Process process;
  private String address;

  private RunningServer(Path home, Path data, List<String> flags) {
    this.home = home;
    this.data = data;
    this.flags = flags;
    this.process = launch();
    this.address = awaitAddress();
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param home the checkout
   * @param data its data folder
   */
  static RunningServer start(Path home, Path data, String... flags) {
    return new RunningServer(home, data, List.of(flags));
  }

  /** Lets a data folder share the models and programs that are kept between runs. */
  static void keepModels(Path module, Path data) throws IOException {
    for (String kept : List.of("models", "programs")) {
      Path folder = module.resolve("target").resolve(kept);
      Files.createDirectories(folder);
      Files.createSymbolicLink(data.resolve(kept), folder);
    }
  }

  /** {@code http://127.0.0.1:PORT}. */
  String address() {
    return address;
  }

  /** What it has printed. */
  String output() {
    try {
      return Files.readString(outputFile(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it as a power cut would. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Starts again on the same data, after a stop or a kill. */
  void restart() {
    process = launch();
    address = awaitAddress();
  }

  private Process launch() {
    try {
      Files.createDirectories(data);
      Files.deleteIfExists(addressFile());
      List<String> command =
          new ArrayList<>(
              List.of(
                  home.resolve("antiphon").toString(),
                  "serve",
                  "--host",
                  "127.0.0.1",
                  "--port",
                  "0",
                  "--data",
                  data.toString()));
      command.addAll(flags);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile().toFile()));
      builder.environment().put("ANTIPHON_API_KEY", KEY);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String awaitAddress() {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (Files.exists(addressFile())) {
          return Files.readString(addressFile()).strip();
        }
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("the server ended at once:\n" + output());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException("the server was not ready in time:\n" + output());
  }

  private void awaitExit() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the server did not stop:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path addressFile() {
    return data.resolve("run").resolve("address");
  }

  private Path outputFile() {
    return data.resolve("server.out");
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      awaitExit();
    }
  }
}
