package antiphon.server.life;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Piece;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a step with a tool of an MCP server costs, and how soon after a cancel its connection is
 * over. Not a test: run its main method, see docs/tools.md.
 */
final class ToolBench {

  private static final int ROUNDS = 300;
  private static final int CALLS = 10;

  private final McpTestServer server = new McpTestServer().echo();
  private final AtomicLong inTool = new AtomicLong();

  private ToolBench() {}

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    new ToolBench().run();
  }

  private void run() throws Exception {
    server.tool(
        "fast",
        (call, answer) -> {
          long begun = System.nanoTime();
          McpTestServer.text(call, answer, "x");
          inTool.addAndGet(System.nanoTime() - begun);
        });
    Path folder = Files.createTempDirectory("antiphon-bench");
    try (server) {
      for (String kind : List.of(",\"background\":true", "")) {
        String name = kind.isEmpty() ? "synchronous" : "background";
        steps(folder.resolve(name), kind, name);
      }
      cancels(folder.resolve("cancel"));
    }
  }

  /** One call after another, each in a turn of its own. */
  private static Script chain(String function, int calls) {
    return (turn, sink) -> {
      long made = turn.items().stream().filter(FunctionCallOutput.class::isInstance).count();
      if (made == calls) {
        sink.accept(new Piece.Text("done"));
      } else {
        sink.accept(new Piece.ToolCall(0, "call_" + made, function, Piece.ToolCall.Kind.FUNCTION));
        sink.accept(new Piece.ToolCallDelta(0, "{}"));
      }
      return ScriptedEngine.stop(turn, 1);
    };
  }

  private Node node(Path folder, Script script) throws IOException {
    Files.createDirectories(folder);
    Storage storage = Stores.sqlite(folder);
    return new Node(
        storage,
        new ScriptedEngine(script),
        new ReasoningSeal(new byte[32]),
        LocalMcp.tools(storage));
  }

  private String request(String more) {
    return ("{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"mcp\",\"server_label\":\"s\","
            + "\"server_url\":\"%s\",\"require_approval\":\"never\"}]%s}")
        .formatted(server.url(), more);
  }

  private void steps(Path folder, String kind, String name) throws IOException {
    double none = median(folder.resolve("0"), kind, 1);
    double ten = median(folder.resolve("10"), kind, 1 + CALLS);
    System.out.printf(
        "%s: a response with 1 call %.2f ms, with %d more %.2f ms (p50): %.2f ms a step%n",
        name, none, CALLS, ten, (ten - none) / CALLS);
  }

  private double median(Path folder, String kind, int calls) throws IOException {
    double[] took = new double[ROUNDS];
    try (Node node = node(folder, chain("s__fast", calls))) {
      for (int i = -ROUNDS / 3; i < ROUNDS; i++) {
        long begun = System.nanoTime();
        var answer = node.post("/responses", request(kind));
        if (!kind.isEmpty()) {
          node.events("/responses/" + answer.text("/id") + "?stream=true&starting_after=0");
        }
        if (i >= 0) {
          took[i] = (System.nanoTime() - begun) / 1e6;
        }
      }
    }
    Arrays.sort(took);
    return took[ROUNDS / 2];
  }

  private void cancels(Path folder) throws IOException {
    server.tool("slow", (_, answer) -> answer.chunked().hang());
    double[] closed = new double[ROUNDS];
    double[] told = new double[ROUNDS];
    try (Node node = node(folder, chain("s__slow", 1))) {
      for (int i = -20; i < ROUNDS; i++) {
        int calls = server.calls().size();
        int gone = server.gone();
        int notices = server.cancelled().size();
        String id = node.post("/responses", request(",\"background\":true")).text("/id");
        Await.until("the call", () -> server.calls().size() > calls);
        AtomicLong over = new AtomicLong();
        Thread watch =
            Thread.ofPlatform()
                .start(() -> {
                  while (server.gone() == gone) {
                    Thread.onSpinWait();
                  }
                  over.set(System.nanoTime());
                });
        node.post("/responses/" + id + "/cancel", null);
        long answered = System.nanoTime();
        join(watch);
        Await.until("the notice", () -> server.cancelled().size() > notices);
        if (i >= 0) {
          closed[i] = (over.get() - answered) / 1e6;
          told[i] = (server.cancelled().getLast().nanos() - answered) / 1e6;
        }
      }
    }
    print("connection over after the cancel was answered", closed);
    print("notifications/cancelled after it was answered", told);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void print(String what, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        "%s: p50 %.2f ms, p99 %.2f ms%n",
        what, millis[millis.length / 2], millis[millis.length * 99 / 100]);
  }
}
