package antiphon.server.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Plain calls to any of the nodes; an answer that does not come is no answer. */
final class Client implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final String key;

  Client(String key) {
    this.key = key;
  }

  /** An answer, or nothing if none came in time. */
  record Answer(int status, String body) {}

  private HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + key);
  }

  Optional<Answer> get(String url) throws InterruptedException {
    return send(request(url).GET());
  }

  Optional<Answer> post(String url, @Nullable String body, @Nullable String idempotencyKey)
      throws InterruptedException {
    return send(postRequest(url, body, idempotencyKey));
  }

  private HttpRequest.Builder postRequest(
      String url, @Nullable String body, @Nullable String idempotencyKey) {
    HttpRequest.Builder request = request(url).header("Content-Type", "application/json");
    if (idempotencyKey != null) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    return request.POST(
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
  }

  private Optional<Answer> send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return Optional.of(new Answer(response.statusCode(), response.body()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /**
   * Follows a stream until it ends or breaks, its reader has had enough, or the time is over.
   *
   * @param events takes the JSON of each event; says whether to go on
   */
  void stream(String url, Duration longest, Predicate<String> events) throws InterruptedException {
    follow(request(url).GET(), longest, events);
  }

  /** The same for a stream that a POST begins. */
  void streamOf(String url, String body, Duration longest, Predicate<String> events)
      throws InterruptedException {
    follow(postRequest(url, body, null), longest, events);
  }

  private void follow(HttpRequest.Builder request, Duration longest, Predicate<String> events)
      throws InterruptedException {
    try {
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      InputStream body = response.body();
      ScheduledFuture<?> end =
          watch.schedule(() -> closed(body), longest.toMillis(), TimeUnit.MILLISECONDS);
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        read(lines, events);
      } finally {
        end.cancel(false);
      }
    } catch (IOException _) {
      // Broken off: what was read stands.
    }
  }

  /** A line that ends without its line feed was cut: the events before it are whole. */
  private static void read(BufferedReader lines, Predicate<String> events) throws IOException {
    String data = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: {")) {
        data = line.substring("data: ".length());
      } else if (line.isEmpty() && data != null) {
        if (!events.test(data)) {
          return;
        }
        data = null;
      }
    }
  }

  private static @Nullable Void closed(InputStream body) {
    try {
      body.close();
    } catch (IOException _) {
      // It was closed already.
    }
    return null;
  }

  /** The events of a whole stream. */
  List<String> events(String url) throws InterruptedException {
    List<String> all = new ArrayList<>();
    stream(url, Duration.ofSeconds(20), all::add);
    return all;
  }

  @Override
  public void close() {
    watch.shutdownNow();
    http.shutdownNow();
  }
}
