package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A download by HTTP from a server that has to keep sending: one that says nothing for a while ends
 * it, however long the whole takes.
 */
final class Transfer implements AutoCloseable {

  /** How long a server may say nothing. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration CONNECT = Duration.ofSeconds(20);

  private final Duration patience;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(CONNECT)
          .build();

  /**
   * @param patience how long the server may say nothing
   */
  Transfer(Duration patience) {
    this.patience = patience;
  }

  /**
   * Sends a request.
   *
   * @return the answer as soon as it begins
   * @throws IOException if it does not begin in time, too
   */
  HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          request.uri() + " has not answered for " + patience.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      // What the client throws says nothing at times, as where nobody listens.
      String why =
          cause == null || cause.getMessage() == null ? "no connection" : cause.getMessage();
      throw new IOException(request.uri() + ": " + why, e);
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * Copies what comes, telling how far it is.
   *
   * @param already bytes that are there
   * @param total bytes in all; below 0 if nobody knows
   * @throws IOException also when nothing more comes
   */
  void copy(InputStream from, OutputStream to, long already, long total, Progress progress)
      throws IOException {
    AtomicLong heard = new AtomicLong(System.nanoTime());
    AtomicLong done = new AtomicLong(already);
    try (Stall stall = new Stall(from, heard, patience)) {
      Progress noted =
          (bytes, all) -> {
            heard.set(System.nanoTime());
            done.set(bytes);
            progress.at(bytes, all);
          };
      try {
        ModelFetcher.copy(from, to, already, total, noted);
      } catch (IOException e) {
        throw stall.happened() ? stalled(done.get(), e) : e;
      }
      if (stall.happened()) {
        throw stalled(done.get(), null);
      }
    }
  }

  private IOException stalled(long done, @Nullable Throwable cause) {
    return new IOException(
        "the server has sent nothing more for "
            + patience.toSeconds()
            + " seconds; the "
            + done
            + " bytes that came are kept: the same command goes on from there",
        cause);
  }

  @Override
  public void close() {
    // An exchange that is still open would be waited for.
    client.shutdownNow();
    client.close();
  }

  /** Ends the reading of a stream from which nothing comes. */
  private static final class Stall implements AutoCloseable {

    private final Thread watch;
    private volatile boolean happened;

    Stall(InputStream from, AtomicLong heard, Duration patience) {
      watch = Thread.ofVirtual().start(() -> watch(from, heard, patience));
    }

    private void watch(InputStream from, AtomicLong heard, Duration patience) {
      try {
        long left = patience.toNanos();
        while (left > 0) {
          Thread.sleep(Duration.ofNanos(left));
          left = patience.toNanos() - (System.nanoTime() - heard.get());
        }
        happened = true;
        from.close();
      } catch (InterruptedException | IOException _) {
        // The copy has come to its end, one way or the other.
      }
    }

    boolean happened() {
      return happened;
    }

    @Override
    public void close() {
      watch.interrupt();
    }
  }
}
