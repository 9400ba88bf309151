package antiphon.testkit.mcp;

import antiphon.protocol.json.Json;
import antiphon.testkit.upstream.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An MCP server over streamable HTTP with sessions; a test says what its tools do. */
public final class McpTestServer implements AutoCloseable {

  private static final String OBJECT = "{\"type\":\"object\",\"properties\":{}}";

  private final FakeUpstream http = new FakeUpstream(this::play);
  private final Map<String, Tool> tools = new ConcurrentHashMap<>();
  private final List<String> order = new CopyOnWriteArrayList<>();
  private final Map<String, FakeUpstream.Script> methods = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<Call> cancelled = new CopyOnWriteArrayList<>();
  private final List<String> deleted = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> pushes = new LinkedBlockingQueue<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger listeners = new AtomicInteger();
  private volatile boolean listChanged;
  private volatile int pageSize = 1000;

  /** What a tool does with a call. */
  @FunctionalInterface
  public interface Handler {

    /**
     * Answers it.
     *
     * @param call what came in
     * @param answer to be written to, see {@link #result}
     */
    void handle(Call call, Answer answer) throws IOException;
  }

  /**
   * A call, or the notice that it is cancelled.
   *
   * @param id of the request
   * @param nanos when it came, by {@link System#nanoTime}
   */
  public record Call(
      JsonNode id, String tool, JsonNode arguments, JsonNode params, Request request, long nanos) {}

  private record Tool(String json, Handler handler) {}

  /** A tool without parameters and hints. */
  public McpTestServer tool(String name, Handler handler) {
    return tool(name, OBJECT, "{}", handler);
  }

  /** A tool. */
  public McpTestServer tool(String name, String schema, String annotations, Handler handler) {
    if (!tools.containsKey(name)) {
      order.add(name);
    }
    String json =
        "{\"name\":%s,\"description\":\"Does %s.\",\"inputSchema\":%s,\"annotations\":%s}"
            .formatted(Json.text(name), name, schema, annotations);
    tools.put(name, new Tool(json, handler));
    return this;
  }

  /** A tool that says back what it is given. */
  public McpTestServer echo() {
    return tool(
        "echo",
        "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}},\"required\":[\"text\"]}",
        "{\"readOnlyHint\":true}",
        (call, answer) -> text(call, answer, call.arguments().path("text").asString("")));
  }

  /** Does away with a tool. */
  public void remove(String name) {
    order.remove(name);
    tools.remove(name);
  }

  /** What to do for a method in place of what a good server does. */
  public McpTestServer on(String method, FakeUpstream.Script script) {
    methods.put(method, script);
    return this;
  }

  /** So many tools a page. */
  public McpTestServer pages(int size) {
    pageSize = size;
    return this;
  }

  /** Says that its tools may change. */
  public McpTestServer changing() {
    listChanged = true;
    return this;
  }

  /** Tells who listens that the tools have changed. */
  public void pushChange() {
    pushes.add("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
  }

  public String url() {
    return http.url().replace("/v1", "/mcp");
  }

  /** All requests so far. */
  public List<Request> requests() {
    return http.requests();
  }

  /** All calls so far. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** All notices of cancelled calls. */
  public List<Call> cancelled() {
    return List.copyOf(cancelled);
  }

  /** The sessions that were ended. */
  public List<String> deleted() {
    return List.copyOf(deleted);
  }

  /** How often the tools were listed, page by page. */
  public int lists() {
    return lists.get();
  }

  /** How many sessions were begun. */
  public int sessions() {
    return sessions.get();
  }

  /** How many listen now. */
  public int listeners() {
    return listeners.get();
  }

  /** How many clients went away while something was still to come. */
  public int gone() {
    return http.gone();
  }

  private void play(Request request, Answer answer) throws IOException {
    switch (request.method()) {
      case "POST" -> post(request, answer);
      case "GET" -> get(request, answer);
      case "DELETE" -> {
        deleted.add(request.headers().getOrDefault("mcp-session-id", ""));
        answer.status(200, "text/plain", "");
      }
      default -> answer.status(405, "text/plain", "");
    }
  }

  private void get(Request request, Answer answer) throws IOException {
    FakeUpstream.Script script = methods.get("GET");
    if (script != null) {
      script.play(request, answer);
      return;
    }
    if (!listChanged) {
      answer.status(405, "text/plain", "");
      return;
    }
    answer.stream();
    listeners.incrementAndGet();
    try {
      while (true) {
        String push = pushes.poll(10, TimeUnit.MILLISECONDS);
        answer.raw(push == null ? ": still here\n\n" : "data: " + push + "\n\n");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      listeners.decrementAndGet();
    }
  }

  private void post(Request request, Answer answer) throws IOException {
    JsonNode message = Json.tree(request.body().getBytes(StandardCharsets.UTF_8));
    String method = message.path("method").asString("");
    FakeUpstream.Script script = methods.get(method);
    if (script != null) {
      script.play(request, answer);
      return;
    }
    JsonNode id = message.path("id");
    JsonNode params = message.path("params");
    switch (method) {
      case "initialize" -> initialize(id, answer);
      case "tools/list" -> list(id, params, answer);
      case "tools/call" -> call(id, params, request, answer);
      case "notifications/cancelled" -> {
        cancelled.add(
            new Call(params.path("requestId"), "", params, params, request, System.nanoTime()));
        answer.status(202, "text/plain", "");
      }
      case "ping" -> answer.json(200, result(id, "{}"));
      default -> {
        if (id.isMissingNode() || message.has("result") || message.has("error")) {
          answer.status(202, "text/plain", "");
        } else {
          answer.json(200, error(id, -32601, "Method not found"));
        }
      }
    }
  }

  private void initialize(JsonNode id, Answer answer) throws IOException {
    answer.json(
        200,
        result(
            id,
            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{\"listChanged\":"
                + listChanged
                + "}},\"serverInfo\":{\"name\":\"test\",\"version\":\"1\"}}"),
        "Mcp-Session-Id: session-" + sessions.incrementAndGet());
  }

  private void list(JsonNode id, JsonNode params, Answer answer) throws IOException {
    lists.incrementAndGet();
    int from = Integer.parseInt(params.path("cursor").asString("0"));
    List<String> names = List.copyOf(order);
    int to = Math.min(names.size(), from + pageSize);
    String page =
        String.join(
            ",", names.subList(from, to).stream().map(name -> json(tools.get(name))).toList());
    String more = to < names.size() ? ",\"nextCursor\":\"" + to + "\"" : "";
    answer.json(200, result(id, "{\"tools\":[" + page + "]" + more + "}"));
  }

  private static String json(@Nullable Tool tool) {
    return tool == null ? "{}" : tool.json();
  }

  private void call(JsonNode id, JsonNode params, Request request, Answer answer)
      throws IOException {
    String name = params.path("name").asString("");
    Call call = new Call(id, name, params.path("arguments"), params, request, System.nanoTime());
    calls.add(call);
    Tool tool = tools.get(name);
    if (tool == null) {
      answer.json(200, error(id, -32602, "Unknown tool: " + name));
    } else {
      tool.handler().handle(call, answer);
    }
  }

  /** A result with text. */
  public static void text(Call call, Answer answer, String text) throws IOException {
    answer.json(
        200,
        result(call.id(), "{\"content\":[{\"type\":\"text\",\"text\":" + Json.text(text) + "}]}"));
  }

  /** An answer with a result. */
  public static String result(JsonNode id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  /** An answer with an error. */
  public static String error(JsonNode id, int code, String message) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":%s}}"
        .formatted(id, code, Json.text(message));
  }

  @Override
  public void close() {
    http.close();
  }
}
