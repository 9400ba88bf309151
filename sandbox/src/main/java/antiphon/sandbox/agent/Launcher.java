package antiphon.sandbox.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes from one thread that lives as long as the server. The kernel ends them when the
 * thread ends that started them: any other may end before the server does.
 */
final class Launcher implements AutoCloseable {

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("antiphon-sandbox-launcher").daemon().factory());

  /** Starts a command with an empty environment. */
  Process start(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    builder.redirectErrorStream(true);
    CompletableFuture<Process> started = new CompletableFuture<>();
    thread.execute(() -> {
      try {
        Process process = builder.start();
        if (!started.complete(process)) {
          process.destroyForcibly();
        }
      } catch (IOException | RuntimeException e) {
        started.completeExceptionally(e);
      }
    });
    try {
      return started.get();
    } catch (ExecutionException e) {
      throw new IOException("a sandbox cannot be started", e.getCause());
    } catch (InterruptedException e) {
      if (!started.cancel(false)) {
        started.join().destroyForcibly();
      }
      throw e;
    }
  }

  /** Ends what it has started too. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
