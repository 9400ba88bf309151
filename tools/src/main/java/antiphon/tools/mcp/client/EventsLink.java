package antiphon.tools.mcp.client;

import antiphon.tools.mcp.client.McpException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The old transport: one stream of events for all answers, and a POST for each request. */
final class EventsLink implements Link {

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Map<String, String> ACCEPT = Map.of("Accept", "text/event-stream");
  private static final Map<String, String> NONE = Map.of();

  private final McpServer server;
  private final Deadlines deadlines;
  private final Errands errands;
  private final Runnable changed;
  private final Exchange stream;
  private final Thread reader;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile @Nullable HttpUrl endpoint;
  private volatile @Nullable McpException over;

  EventsLink(McpServer server, Deadlines deadlines, Runnable changed) {
    this.server = server;
    this.deadlines = deadlines;
    this.changed = changed;
    errands = new Errands(server, deadlines);
    stream = new Exchange(deadlines, LONGEST, LONGEST);
    reader = Thread.ofVirtual().name("antiphon-mcp-events").unstarted(this::read);
  }

  /** Opens the stream and introduces both sides to each other. */
  void handshake() throws McpException, InterruptedException {
    reader.start();
    Duration limit = server.limits().handshake();
    if (!opened.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new McpException(Kind.TIMEOUT, "The server did not answer in time.");
    }
    requireOpen();
    ObjectNode hello = Handshake.initialize("2024-11-05");
    Handshake.version(ask("initialize", hello, limit, limit, _ -> {}));
    errands.send(endpoint(), "POST", NONE, Message.notice("notifications/initialized", null));
  }

  private void read() {
    McpException end = Incoming.noAnswer();
    try {
      Response response = stream.send(server, server.url(), "GET", ACCEPT, null);
      if (!response.isSuccessful() || !Exchange.type(response).equals("text/event-stream")) {
        throw Handshake.refused(response.code());
      }
      EventLines events =
          new EventLines(
              response.body().source(),
              server.limits().messageBytes(),
              // For the whole session, not for one answer.
              server.limits().answerBytes() * 16);
      for (EventLines.Event event = events.next(); event != null; event = events.next()) {
        hear(event, response.request().url());
      }
    } catch (IOException e) {
      try {
        end = stream.failure(e);
      } catch (InterruptedException _) {
        // Closed.
      }
    } catch (McpException e) {
      end = e;
    } finally {
      over = end;
      opened.countDown();
      waiting.values().forEach(Waiting::done);
      stream.close();
    }
  }

  private void hear(EventLines.Event event, HttpUrl at) throws McpException {
    if (event.name().equals("endpoint")) {
      HttpUrl given = at.resolve(event.data().strip());
      if (given == null
          || !given.host().equals(at.host())
          || given.port() != at.port()
          || !given.scheme().equals(at.scheme())) {
        throw new McpException(Kind.NONSENSE, "The server names an endpoint at another place.");
      }
      endpoint = given;
      opened.countDown();
      return;
    }
    byte[] json = event.data().getBytes(StandardCharsets.UTF_8);
    for (Message message : Message.read(json)) {
      switch (message) {
        case Message.Answer answer -> {
          Waiting asked = waiting.get(answer.id());
          if (asked != null) {
            asked.answer(answer);
          }
        }
        case Message.Request request ->
            errands.send(endpoint(), "POST", NONE, Message.reply(request));
        case Message.Notice notice -> notice(notice);
        case Message.Other _ -> {}
      }
    }
  }

  private void notice(Message.Notice notice) {
    if (notice.method().equals(Incoming.LIST_CHANGED)) {
      changed.run();
    } else if (notice.method().equals("notifications/progress")) {
      Waiting asked = waiting.get(notice.params().path("progressToken").asLong(-1));
      if (asked != null) {
        asked.progress(notice.params());
      }
    }
  }

  @Override
  public JsonNode ask(
      String method,
      ObjectNode params,
      Duration silence,
      Duration whole,
      Consumer<JsonNode> progress)
      throws McpException, InterruptedException {
    long id = ids.incrementAndGet();
    try (Waiting asked = new Waiting(silence, whole, progress)) {
      waiting.put(id, asked);
      requireOpen();
      post(Message.request(id, method, Handshake.progress(params, id)));
      Message.Answer answer = asked.await();
      if (answer == null && asked.watch.exceeded()) {
        cancelled(id);
        throw new McpException(Kind.TIMEOUT, "The server did not answer in time.");
      }
      if (answer == null) {
        requireOpen();
        throw Incoming.noAnswer();
      }
      return answer.value();
    } catch (InterruptedException e) {
      cancelled(id);
      throw e;
    } finally {
      waiting.remove(id);
    }
  }

  private void post(byte[] body) throws McpException, InterruptedException {
    Duration limit = server.limits().handshake();
    try (Exchange exchange = new Exchange(deadlines, limit, limit)) {
      try {
        Response response = exchange.send(server, endpoint(), "POST", NONE, body);
        if (!response.isSuccessful()) {
          throw Handshake.refused(response.code());
        }
        exchange.finishLater();
      } catch (IOException e) {
        throw exchange.failure(e);
      }
    }
  }

  private HttpUrl endpoint() throws McpException {
    HttpUrl known = endpoint;
    if (known == null) {
      throw new McpException(Kind.NONSENSE, "The server did not name its endpoint.");
    }
    return known;
  }

  private void requireOpen() throws McpException {
    McpException end = over;
    if (end != null) {
      throw new McpException(end.kind(), end.code(), end.getMessage());
    }
  }

  private void cancelled(long id) {
    HttpUrl known = endpoint;
    if (known != null && over == null) {
      ObjectNode params = JsonNodeFactory.instance.objectNode().put("requestId", id);
      errands.send(
          known,
          "POST",
          NONE,
          Message.notice("notifications/cancelled", params.put("reason", "cancelled")));
    }
  }

  @Override
  public void close() {
    stream.breakOff();
    reader.interrupt();
  }

  /** A request that waits for its answer. */
  private final class Waiting implements AutoCloseable {

    private final CountDownLatch done = new CountDownLatch(1);
    private final Consumer<JsonNode> progress;
    private final Deadlines.Watch watch;
    private volatile Message.@Nullable Answer answer;

    Waiting(Duration silence, Duration whole, Consumer<JsonNode> progress) {
      this.progress = progress;
      watch = deadlines.watch(done::countDown, silence, whole);
    }

    void answer(Message.Answer given) {
      answer = given;
      done.countDown();
    }

    void progress(JsonNode params) {
      watch.alive();
      progress.accept(params);
    }

    void done() {
      done.countDown();
    }

    Message.@Nullable Answer await() throws InterruptedException {
      done.await();
      return answer;
    }

    @Override
    public void close() {
      watch.close();
    }
  }
}
