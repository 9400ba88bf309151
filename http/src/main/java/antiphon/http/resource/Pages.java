package antiphon.http.resource;

import antiphon.http.wire.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What needs no key and never changes. */
public final class Pages {

  private static final byte[] OPEN_API = resource("openapi.json");
  private static final byte[] WELCOME = resource("welcome.html");

  private Pages() {}

  /** {@code GET /openapi.json}. */
  public static void openApi(Exchange exchange) {
    exchange.json(200, OPEN_API);
  }

  /** {@code GET /}. */
  public static void welcome(Exchange exchange) {
    exchange.answer(200, "text/html; charset=utf-8", WELCOME);
  }

  private static byte[] resource(String name) {
    try (InputStream in = Pages.class.getResourceAsStream("/antiphon/http/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
