package antiphon.http;

import antiphon.core.api.Keys;
import antiphon.core.api.Models;
import antiphon.core.api.Responses;
import antiphon.http.wire.HttpSettings;
import antiphon.http.wire.Listener;
import antiphon.http.wire.Router;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Serves the API over HTTP. */
public final class HttpServer implements AutoCloseable {

  private final Listener listener;

  /**
   * Does not listen yet.
   *
   * @param ready whether the server can do its work, for {@code GET /health/ready}
   */
  public HttpServer(
      HttpSettings settings,
      Responses responses,
      Models models,
      Keys keys,
      BooleanSupplier ready) {
    Router router = Routes.of(settings, responses, models, keys, ready);
    this.listener = new Listener(settings, router);
  }

  /**
   * Begins to listen.
   *
   * @return the port
   */
  public int start() {
    return listener.start();
  }

  /** Takes no new connections; those there are go on. */
  public void stopAccepting() {
    listener.stopAccepting();
  }

  /** Waits for answers that are under way, then closes. */
  public void close(Duration grace) throws InterruptedException {
    listener.close(grace);
  }

  @Override
  public void close() {
    try {
      close(Duration.ZERO);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
