package antiphon.tools.mcp.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what a server says unasked: that its tools have changed. It may do without. */
final class Listener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int MOST_TRIES = 100;
  private static final long MAX_BYTES = 16L << 20;

  private final McpServer server;
  private final Map<String, String> headers;
  private final Errands errands;
  private final Runnable changed;
  private final Exchange exchange;
  private final Thread thread;

  Listener(
      McpServer server,
      Deadlines deadlines,
      Map<String, String> headers,
      Errands errands,
      Runnable changed) {
    this.server = server;
    this.headers = new LinkedHashMap<>(headers);
    this.headers.put("Accept", "text/event-stream");
    this.errands = errands;
    this.changed = changed;
    exchange = new Exchange(deadlines, LONGEST, LONGEST);
    thread = Thread.ofVirtual().name("antiphon-mcp-listener").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (int i = 0; i < MOST_TRIES; i++) {
        Response response = exchange.send(server, server.url(), "GET", headers, null);
        if (!response.isSuccessful() || !Exchange.type(response).equals("text/event-stream")) {
          return;
        }
        EventLines events =
            new EventLines(response.body().source(), server.limits().messageBytes(), MAX_BYTES);
        for (EventLines.Event event = events.next(); event != null; event = events.next()) {
          hear(event);
        }
        if (events.lastId() != null) {
          headers.put("Last-Event-ID", String.valueOf(events.lastId()));
        }
        Thread.sleep(Duration.ofMillis(Math.max(1000, events.retryMillis())));
      }
    } catch (IOException | McpException e) {
      LOG.debug("{} is not heard any more: {}", server, e.getMessage());
    } catch (InterruptedException _) {
      LOG.debug("{} is let go", server);
    } finally {
      exchange.close();
    }
  }

  private void hear(EventLines.Event event) throws McpException {
    for (Message message : Message.read(event.data().getBytes(StandardCharsets.UTF_8))) {
      switch (message) {
        case Message.Notice notice when notice.method().equals(Incoming.LIST_CHANGED) ->
            changed.run();
        case Message.Request request ->
            errands.send(server.url(), "POST", headers, Message.reply(request));
        case Message.Answer _, Message.Notice _, Message.Other _ -> {}
      }
    }
  }

  @Override
  public void close() {
    exchange.breakOff();
    thread.interrupt();
  }
}
