package antiphon.tools.mcp.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server is told in passing: that a call is cancelled, that the session is over, that its
 * own request cannot be served. One after another, on a thread of their own while there are any;
 * nobody waits for them, and what the server makes of them is its own affair.
 */
final class Errands {

  private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** A server that asks for more than this at once is not answered. */
  private static final int MOST = 32;

  private final McpServer server;
  private final Deadlines deadlines;
  private final Deque<Errand> waiting = new ArrayDeque<>();
  private boolean running;

  Errands(McpServer server, Deadlines deadlines) {
    this.server = server;
    this.deadlines = deadlines;
  }

  /**
   * Sends something once it is its turn.
   *
   * @param body null for none
   */
  void send(HttpUrl url, String method, Map<String, String> headers, byte @Nullable [] body) {
    synchronized (waiting) {
      if (waiting.size() >= MOST) {
        return;
      }
      waiting.add(new Errand(url, method, headers, body));
      if (running) {
        return;
      }
      running = true;
    }
    Thread.ofVirtual().name("antiphon-mcp-errand").start(this::run);
  }

  private void run() {
    while (true) {
      Errand next;
      synchronized (waiting) {
        next = waiting.poll();
        if (next == null) {
          running = false;
          return;
        }
      }
      try (Exchange exchange = new Exchange(deadlines, LIMIT, LIMIT)) {
        exchange.send(server, next.url, next.method, next.headers, next.body);
      } catch (IOException | McpException e) {
        LOG.debug("{} could not be told: {}", server, e.getMessage());
      }
    }
  }

  private record Errand(
      HttpUrl url, String method, Map<String, String> headers, byte @Nullable [] body) {}
}
