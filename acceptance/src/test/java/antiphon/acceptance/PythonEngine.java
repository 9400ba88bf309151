package antiphon.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An engine in a process of its own, written in Python; it prints its address when it is ready. */
final class PythonEngine implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final Path output;
  private final String address;

  private PythonEngine(Process process, Path output) throws IOException, InterruptedException {
    this.process = process;
    this.output = output;
    this.address = awaitAddress();
  }

  /**
   * Starts one.
   *
   * @param script among the Python tests
   */
  static PythonEngine start(
      Clients clients, Path module, Path folder, String script, String... arguments) {
    Path said = folder.resolve(script + ".out");
    List<String> command = new ArrayList<>(List.of(clients.pythonCommand().toString(), script));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(module.resolve("src/test/python").toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      return new PythonEngine(process, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Its base URL. */
  String address() {
    return address;
  }

  private String awaitAddress() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < deadline) {
      for (String line : Files.readAllLines(output)) {
        if (line.startsWith("http://")) {
          return line.strip();
        }
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("the engine did not start:\n" + Files.readString(output));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
