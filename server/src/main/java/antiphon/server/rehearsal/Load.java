package antiphon.server.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask as fast as they are answered: all at once, streamed, and in the background. */
final class Load implements AutoCloseable {

  private static final String BODY =
      "{\"model\":\"" + LoopbackEngine.MODEL + "\",\"input\":\"hello number %d\"%s}";

  private static final List<String> KINDS =
      List.of("", ",\"stream\":true", ",\"background\":true", ",\"store\":false");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String key;
  private final AtomicInteger answered = new AtomicInteger();

  /**
   * @param address of the server, {@code http://HOST:PORT}
   */
  Load(String address, String key) {
    this.base = address + "/v1/responses";
    this.key = key;
  }

  /**
   * Goes on for a time.
   *
   * @param clients how many ask at once
   * @return how many calls were answered well
   */
  int run(Duration time, int clients) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int first = i;
      threads.add(Thread.ofVirtual().start(() -> ask(first, end)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return answered.get();
  }

  private void ask(int first, long end) {
    try {
      for (int turn = first; System.nanoTime() < end; turn++) {
        String kind = KINDS.get(turn % KINDS.size());
        String answer = send("", "POST", BODY.formatted(turn, kind));
        if (kind.contains("background")) {
          follow(answer, turn);
        }
      }
    } catch (IOException | InterruptedException _) {
      // Then it has rehearsed less.
    }
  }

  private void follow(String created, int turn) throws IOException, InterruptedException {
    int at = created.indexOf("\"resp_");
    if (at < 0) {
      return;
    }
    String path = "/" + created.substring(at + 1, created.indexOf('"', at + 1));
    send(path, "GET", "");
    if (turn % (2 * KINDS.size()) < KINDS.size()) {
      send(path + "/cancel", "POST", "");
    } else {
      send(path + "?stream=true", "GET", "");
    }
  }

  private String send(String path, String method, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == 200) {
      answered.incrementAndGet();
    }
    return answer.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
