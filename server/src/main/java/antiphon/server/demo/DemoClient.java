package antiphon.server.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/** A plain client of the API. */
public final class DemoClient implements AutoCloseable {

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String key;

  /**
   * Talks to one server.
   *
   * @param address {@code http://HOST:PORT}
   */
  public DemoClient(String address, String key) {
    this.base = address + "/v1";
    this.key = key;
  }

  /** Whether a server answers there. */
  public static boolean answers(String address) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + "/health/live"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException | IllegalArgumentException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The lines of a streamed create, as they come. */
  Stream<String> stream(String body) throws InterruptedException {
    return send(
        request("/responses").POST(HttpRequest.BodyPublishers.ofString(body)),
        HttpResponse.BodyHandlers.ofLines());
  }

  /** Posts nothing. */
  String post(String path) throws InterruptedException {
    return send(
        request(path).POST(HttpRequest.BodyPublishers.noBody()),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Gets. */
  String get(String path) throws InterruptedException {
    return send(request(path).GET(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private <T> T send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
      throws InterruptedException {
    try {
      HttpResponse<T> response = http.send(request.build(), handler);
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            response.uri() + " answered " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
