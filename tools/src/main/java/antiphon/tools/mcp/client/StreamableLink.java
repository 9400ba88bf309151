package antiphon.tools.mcp.client;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.tools.mcp.client.McpException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streamable HTTP: each request is a POST, answered with JSON or a stream of events. Up to
 * 2025-11-25 there may be a session; since 2026-07-28 each request says all there is to know.
 */
final class StreamableLink implements Link {

  /** The newest revision with a handshake. */
  static final String WITH_SESSIONS = "2025-11-25";

  /** The revision without one. */
  static final String STATELESS = "2026-07-28";

  private static final int MOST_RESUMPTIONS = 20;
  private static final Duration LEAST_PAUSE = Duration.ofMillis(200);

  private final McpServer server;
  private final Deadlines deadlines;
  private final Errands errands;
  private final Runnable changed;
  private final boolean stateless;
  private final AtomicLong ids = new AtomicLong();
  private volatile @Nullable String session;
  private volatile String version = WITH_SESSIONS;
  private volatile @Nullable Listener listener;
  private volatile boolean introduced;

  /**
   * @param stateless without a handshake
   * @param changed is told that the server's tools are others now
   */
  StreamableLink(McpServer server, Deadlines deadlines, boolean stateless, Runnable changed) {
    this.server = server;
    this.deadlines = deadlines;
    this.stateless = stateless;
    this.changed = changed;
    this.errands = new Errands(server, deadlines);
  }

  /** Introduces both sides to each other. */
  void handshake() throws McpException, InterruptedException {
    Duration limit = server.limits().handshake();
    if (stateless) {
      JsonNode found = ask("server/discover", Handshake.empty(), limit, limit, _ -> {});
      Handshake.requireVersion(found, STATELESS);
      introduced = true;
      return;
    }
    JsonNode hello = ask("initialize", Handshake.initialize(WITH_SESSIONS), limit, limit, _ -> {});
    version = Handshake.version(hello);
    introduced = true;
    try (Exchange exchange = new Exchange(deadlines, limit, limit)) {
      try {
        exchange.send(
            server,
            server.url(),
            "POST",
            headers("notifications/initialized", ""),
            Message.notice("notifications/initialized", null));
        exchange.finish();
      } catch (IOException e) {
        throw exchange.failure(e);
      }
    }
    if (hello.path("capabilities").path("tools").path("listChanged").asBoolean(false)) {
      Listener opened = new Listener(server, deadlines, headers("", ""), errands, changed);
      listener = opened;
      opened.start();
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
    try {
      return once(method, params, silence, whole, progress);
    } catch (McpException e) {
      // A kept connection may have been closed in that very moment. Only a call could run twice.
      if (e.kind() == Kind.BROKEN_OFF && !method.equals("tools/call")) {
        return once(method, params, silence, whole, progress);
      }
      throw e;
    }
  }

  private JsonNode once(
      String method,
      ObjectNode params,
      Duration silence,
      Duration whole,
      Consumer<JsonNode> progress)
      throws McpException, InterruptedException {
    long id = ids.incrementAndGet();
    ObjectNode all = stateless ? Handshake.stateless(params, id) : Handshake.progress(params, id);
    byte[] body = Message.request(id, method, all);
    Map<String, String> headers = headers(method, params.path("name").asString(""));
    try (Exchange exchange = new Exchange(deadlines, silence, whole)) {
      Incoming incoming = new Incoming(id, exchange.watch(), progress, this::reply, changed);
      try {
        Response response = exchange.send(server, server.url(), "POST", headers, body);
        JsonNode result = result(exchange, response, incoming);
        String given = response.header("Mcp-Session-Id");
        if (method.equals("initialize") && given != null) {
          session = given;
        }
        return result;
      } catch (IOException e) {
        throw told(id, exchange.failure(e));
      }
    } catch (InterruptedException e) {
      cancelled(id);
      throw e;
    }
  }

  private McpException told(long id, McpException e) {
    if (e.kind() == Kind.TIMEOUT) {
      cancelled(id);
    }
    return e;
  }

  private JsonNode result(Exchange exchange, Response response, Incoming incoming)
      throws IOException, McpException, InterruptedException {
    if (!response.isSuccessful()) {
      throw refusal(response);
    }
    McpLimits limits = server.limits();
    JsonNode result;
    if (Exchange.type(response).equals("text/event-stream")) {
      EventLines events =
          new EventLines(response.body().source(), limits.messageBytes(), limits.answerBytes());
      result = incoming.result(events);
      if (result == null) {
        result = resumed(exchange, events, incoming);
      }
      if (result != null) {
        exchange.finishLater();
      }
    } else {
      result = incoming.result(Exchange.body(response, limits.messageBytes()));
      if (result != null) {
        exchange.finish();
      }
    }
    if (result == null) {
      throw Incoming.noAnswer();
    }
    return result;
  }

  /** A server may end the stream and be asked for the rest of it. */
  private @Nullable JsonNode resumed(Exchange exchange, EventLines first, Incoming incoming)
      throws IOException, McpException, InterruptedException {
    EventLines events = first;
    for (int i = 0; i < MOST_RESUMPTIONS && !stateless; i++) {
      String last = events.lastId();
      if (last == null || last.isEmpty()) {
        return null;
      }
      long pause = events.retryMillis() < 0 ? 1000 : events.retryMillis();
      Thread.sleep(
          Duration.ofMillis(
              Math.min(
                  Math.max(pause, LEAST_PAUSE.toMillis()), exchange.watch().left().toMillis())));
      Map<String, String> headers = headers("", "");
      headers.put("Accept", "text/event-stream");
      headers.put("Last-Event-ID", last);
      Response response = exchange.send(server, server.url(), "GET", headers, null);
      if (!response.isSuccessful() || !Exchange.type(response).equals("text/event-stream")) {
        return null;
      }
      events =
          new EventLines(
              response.body().source(),
              server.limits().messageBytes(),
              server.limits().answerBytes());
      JsonNode result = incoming.result(events);
      if (result != null) {
        return result;
      }
    }
    return null;
  }

  private McpException refusal(Response response) throws IOException {
    int status = response.code();
    if (status == 404 && introduced && session != null) {
      return new McpException(Kind.SESSION_OVER, status, "The server has ended the session.");
    }
    JsonNode error = error(Exchange.beginning(response));
    if (error != null) {
      int code = error.path("code").asInt(0);
      String text = error.path("message").asString("");
      return new McpException(Kind.ERROR, code, Text.cut("HTTP " + status + ": " + text));
    }
    return Handshake.refused(status);
  }

  private static @Nullable JsonNode error(byte[] body) {
    try {
      JsonNode error = Json.tree(body).path("error");
      return error.path("message").isString() ? error : null;
    } catch (InvalidJson _) {
      return null;
    }
  }

  private Map<String, String> headers(String method, String name) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "application/json, text/event-stream");
    if (stateless) {
      headers.put("MCP-Protocol-Version", STATELESS);
      if (!method.isEmpty()) {
        headers.put("Mcp-Method", method);
      }
      if (!name.isEmpty()) {
        headers.put("Mcp-Name", headerValue(name));
      }
      return headers;
    }
    if (introduced) {
      headers.put("MCP-Protocol-Version", version);
    }
    String known = session;
    if (known != null) {
      headers.put("Mcp-Session-Id", known);
    }
    return headers;
  }

  /** A header has visible ASCII; other texts go in base64. */
  private static String headerValue(String text) {
    boolean plain = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return plain && !text.startsWith("=?")
        ? text
        : "=?base64?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }

  private void reply(byte[] reply) {
    errands.send(server.url(), "POST", headers("", ""), reply);
  }

  /** Without sessions the closed connection says it; else the server has to be told. */
  private void cancelled(long id) {
    if (!stateless && introduced) {
      ObjectNode params = JsonNodeFactory.instance.objectNode().put("requestId", id);
      errands.send(
          server.url(),
          "POST",
          headers("", ""),
          Message.notice("notifications/cancelled", params.put("reason", "cancelled")));
    }
  }

  @Override
  public void close() {
    Listener opened = listener;
    if (opened != null) {
      opened.close();
    }
    if (session != null) {
      errands.send(server.url(), "DELETE", headers("", ""), null);
    }
  }
}
