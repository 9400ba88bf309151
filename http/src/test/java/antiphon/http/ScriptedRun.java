package antiphon.http;

import antiphon.core.api.Created;
import antiphon.core.api.EventReader;
import antiphon.core.response.Problem;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A foreground response that a test lets run and end. */
class ScriptedRun implements Created.Running {

  final ScriptedReader reader = new ScriptedReader();
  final CountDownLatch awaited = new CountDownLatch(1);
  final CompletableFuture<Long> gone = new CompletableFuture<>();
  private final CompletableFuture<Created.Finished> finished = new CompletableFuture<>();

  ScriptedRun finish(String snapshot, @Nullable Problem problem) {
    finished.complete(new Created.Finished(snapshot.getBytes(StandardCharsets.UTF_8), problem));
    return this;
  }

  @Override
  public EventReader events() {
    return reader;
  }

  @Override
  public Created.Finished await() throws InterruptedException {
    awaited.countDown();
    try {
      return finished.get();
    } catch (CancellationException e) {
      throw new InterruptedException();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void clientGone() {
    gone.complete(System.nanoTime());
    finished.cancel(false);
  }
}
