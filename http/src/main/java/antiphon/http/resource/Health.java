package antiphon.http.resource;

import antiphon.http.wire.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Whether the server lives, and whether it can work. */
public final class Health {

  private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOT_READY =
      "{\"status\":\"unavailable\"}".getBytes(StandardCharsets.US_ASCII);

  private final BooleanSupplier ready;

  public Health(BooleanSupplier ready) {
    this.ready = ready;
  }

  /** {@code GET /health/live}. */
  public void live(Exchange exchange) {
    exchange.json(200, OK);
  }

  /** {@code GET /health/ready}. */
  public void ready(Exchange exchange) {
    boolean now = ready.getAsBoolean();
    exchange.json(now ? 200 : 503, now ? OK : NOT_READY);
  }
}
