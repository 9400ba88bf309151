package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of a WebSocket, and what it has heard. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;

  SocketClient(Node node) {
    URI uri = URI.create(node.url().replace("http:", "ws:") + "/responses");
    socket =
        node.client()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + node.key())
            .buildAsync(uri, this)
            .join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      heard.add(Node.json(part.toString()));
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  void send(String message) {
    socket.sendText(message.replace('\'', '"'), true).join();
  }

  JsonNode next() throws InterruptedException {
    JsonNode event = heard.poll(20, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event;
  }

  /** All up to the end of a response, or an error. */
  List<JsonNode> response() throws InterruptedException {
    List<JsonNode> events = new ArrayList<>();
    String type;
    do {
      JsonNode event = next();
      events.add(event);
      type = event.path("type").asString();
    } while (!List.of(
            "response.completed",
            "response.incomplete",
            "response.cancelled",
            "response.failed",
            "error")
        .contains(type));
    return events;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
