package antiphon.engines.llamacpp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process of llama.cpp's server. It listens on the loopback alone, under a port and a key of
 * its own, and ends when this process does, in whatever way: a shell beside it waits for the end of
 * the pipe that this object holds.
 */
final class Child implements AutoCloseable {

  private static final int KEY_BYTES = 24;
  private static final Duration END = Duration.ofSeconds(5);
  private static final String TOLD = "LLAMA_API_KEY";

  private final Process process;
  private final ChildLog log;
  private final int port;
  private final String key;

  private Child(Process process, ChildLog log, int port, String key) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.key = key;
  }

  /**
   * Starts one; it has not loaded its model yet.
   *
   * @param model whose batch is known
   * @param template in place of the model's own, or null
   * @param log where it writes
   */
  static Child start(Program program, LlamaModel model, @Nullable Path template, ChildLog log)
      throws IOException {
    String key = newKey();
    int port = freePort();
    log.begin();
    List<String> command = program.command(model, port, template);
    boolean watched = !System.getProperty("os.name", "").startsWith("Windows");
    List<String> whole = new ArrayList<>();
    if (watched) {
      whole.addAll(List.of("/bin/sh", Scripts.watch(log.folder()).toString()));
    }
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.appending());
    builder.environment().put(TOLD, key);
    if (watched) {
      builder.environment().put("ANTIPHON_WATCHED", "1");
    }
    return new Child(builder.start(), log, port, key);
  }

  /** A free one now; if somebody takes it before the child does, the child is started again. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** {@code http://127.0.0.1:PORT}. */
  String address() {
    return "http://127.0.0.1:" + port;
  }

  String key() {
    return key;
  }

  boolean alive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Done when it has ended. */
  CompletableFuture<Process> ended() {
    return process.onExit();
  }

  /** What it said last, and how it ended if it has: for a message. */
  String lastWords() {
    String said = log.lastWords();
    String how = process.isAlive() ? "" : "it ended with status " + process.exitValue();
    return how + (how.isEmpty() || said.isEmpty() ? "" : ": ") + said;
  }

  /** Ends it and waits for that. */
  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        kill(below);
      }
    } catch (IOException _) {
      kill(below);
    } catch (InterruptedException _) {
      kill(below);
      Thread.currentThread().interrupt();
    }
  }

  private void kill(List<ProcessHandle> below) {
    below.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Whether there is such a file, for messages that come before any child. */
  static boolean readable(Path file) {
    return Files.isRegularFile(file) && Files.isReadable(file);
  }
}
