package antiphon.server.history;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that can be killed, paused, and started again where it was. */
final class NodeProcess implements AutoCloseable {

  private final List<String> command;
  private final File output;
  private final int port;
  private @Nullable Process process;

  /**
   * @param database where the responses are kept, as {@link NodeMain} takes it
   * @param output where it says what it says
   * @param bug which seeded bug it has
   */
  NodeProcess(String database, long leaseMillis, String key, Path output, Bug bug) {
    this.port = freePort();
    this.output = output.toFile();
    command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName(),
                database,
                Integer.toString(port),
                Long.toString(leaseMillis),
                key,
                bug.name()));
    start();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/v1";
  }

  synchronized void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}. */
  synchronized void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
      process = null;
    }
  }

  /** Stops it in the middle of whatever it does, as a long pause of the machine would. */
  synchronized void pause() {
    signal("-STOP");
  }

  /** Lets it go on, as if no time had passed. */
  synchronized void resume() {
    signal("-CONT");
  }

  private void signal(String name) {
    if (process == null) {
      return;
    }
    try {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
