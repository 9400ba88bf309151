package antiphon.http.resource;

import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What needs no key: health, the API's description, a page that says where one is. */
public final class ServiceResource {

  private static final String ROOT = "/antiphon/http/";

  private final BooleanSupplier ready;
  private final byte[] openApi = resource("openapi.json");
  private final byte[] welcome = resource("welcome.html");

  /**
   * @param ready whether responses can be created now
   */
  public ServiceResource(BooleanSupplier ready) {
    this.ready = ready;
  }

  /** The process answers. */
  public void live(Call call) throws InterruptedException {
    Replies.json(call.exchange(), Map.of("status", "live"));
  }

  /** Responses can be created; 503 while they cannot. */
  public void ready(Call call) throws InterruptedException {
    if (!ready.getAsBoolean()) {
      throw Refusal.notReady(
          "The server cannot take requests now: it stops, or its store or one of its loops does not"
              + " work.");
    }
    Replies.json(call.exchange(), Map.of("status", "ready"));
  }

  /** The OpenAPI description. */
  public void openApi(Call call) throws InterruptedException {
    Replies.json(call.exchange(), openApi);
  }

  /** The page at the root. */
  public void welcome(Call call) throws InterruptedException {
    call.exchange().setHeader("x-content-type-options", "nosniff");
    call.exchange().setHeader("content-security-policy", "default-src 'none'");
    call.exchange().send(200, "text/html; charset=utf-8", welcome);
  }

  private static byte[] resource(String name) {
    try (InputStream in = ServiceResource.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + ROOT + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
