package antiphon.server.life;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import antiphon.tools.sleep.SleepRunner;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/**
 * What responses cost that wait: in a slow tool, asleep, for an agent; and how soon they go on or
 * end. Not a test: run its main method, see docs/performance.md. Arguments: how many wait in a tool
 * (1,000), how many sleep (100,000).
 */
final class WaitingBench {

  private static final int ROUNDS = 200;
  private static final int AT_ONCE = 16;
  private static final String SLEEP =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true,\"tools\":[{\"type\":\"sleep\"}]}";
  private static final String AGENT =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true,\"tools\":[{\"type\":\"agent\",\"agent_id\":\"sleeper\"}]}";

  private static final String MCP =
      """
      {"model": "auto", "input": "x", "background": true, "tools": [
        {"type": "mcp", "server_label": "s", "server_url": "URL", "require_approval": "never"}]}
      """;

  private WaitingBench() {}

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    int waiting = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int sleeping = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    Path folder = Files.createTempDirectory("antiphon-bench");
    inTool(folder.resolve("tool"), waiting);
    asleep(folder.resolve("sleep"), sleeping);
    agents(folder.resolve("agents"));
  }

  private static Storage storage(Path folder) throws Exception {
    Files.createDirectories(folder);
    return Stores.sqlite(folder);
  }

  private static Node node(Storage storage, Script script, ServerTools tools) {
    return new Node(storage, new ScriptedEngine(script), new ReasoningSeal(new byte[32]), tools);
  }

  /** Bytes of the heap that are in use once all garbage is gone. */
  private static long heap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(200);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static Duration processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Foreground responses that hang in a tool; their clients are in this process too. */
  private static void inTool(Path folder, int count) throws Exception {
    try (McpTestServer server = new McpTestServer()) {
      server.tool("slow", (_, answer) -> answer.chunked().hang());
      Storage storage = storage(folder);
      String request = MCP.replace("URL", server.url());
      try (Node node = node(storage, Script.call("s__slow", "{}"), LocalMcp.tools(storage))) {
        long before = heap();
        List<String> ids = made(node, request, count);
        Await.until("all wait", () -> server.calls().size() >= ids.size());
        long each = (heap() - before) / count;
        System.out.printf(
            "%,d responses wait in a tool: %,d bytes of heap each, with the tool's server and its"
                + " connections in the same process%n",
            server.calls().size(), each);
        for (String id : ids) {
          node.post("/responses/" + id + "/cancel", null);
        }
      }
    }
  }

  private static List<String> made(Node node, String request, int count) throws Exception {
    List<String> ids = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
      Callable<String> create = () -> node.post("/responses", request).text("/id");
      List<Future<String>> made = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        made.add(clients.submit(create));
      }
      for (Future<String> one : made) {
        ids.add(one.get());
      }
    }
    return ids;
  }

  private static void asleep(Path folder, int count) throws Exception {
    Storage storage = storage(folder);
    ServerTools tools =
        new ServerTools(List.of(new SleepRunner(storage.responses().clock())), ToolLimits.USUAL);
    try (Node node = node(storage, Script.call("sleep", "{\"duration_seconds\":86400}"), tools)) {
      wakes(node, made(node, SLEEP, ROUNDS), "with 200 asleep");
      long before = heap();
      List<String> ids = made(node, SLEEP, count);
      int last = ids.size() - 1;
      Await.until("the last sleeps", () -> wake(node, ids.get(last)));
      long each = (heap() - before) / count;
      Duration used = processor();
      Thread.sleep(10_000);
      long idle = processor().minus(used).toMillis();
      System.out.printf(
          "%,d sleep: %,d bytes of heap each; %d ms of processor time in 10 s%n",
          count, each, idle);
      wakes(node, ids.subList(0, ROUNDS), "with %,d asleep".formatted(count));
    }
  }

  private static boolean wake(Node node, String id) {
    return node.post("/responses/" + id + "/wake", "{\"input\":\"up\"}").status() == 200;
  }

  private static void wakes(Node node, List<String> ids, String with) {
    double[] took = new double[ids.size()];
    for (int i = 0; i < took.length; i++) {
      String id = ids.get(i);
      // Until it sleeps; the wake that is taken is the one that counts.
      long[] begun = new long[1];
      Await.until(
          "it sleeps",
          () -> {
            begun[0] = System.nanoTime();
            return wake(node, id);
          });
      Await.until(
          "it has gone on", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      took[i] = (System.nanoTime() - begun[0]) / 1e6;
    }
    print("from a wake to the end of the response, " + with, took);
  }

  /** A caller is cancelled: until its agent is. */
  private static void agents(Path folder) throws Exception {
    double[] took = new double[ROUNDS];
    try (AgentLifeTest.Started started =
        AgentLifeTest.start(storage(folder), AgentLifeTest.delegating("sleeper"))) {
      Node node = started.node();
      for (int i = -20; i < ROUNDS; i++) {
        String id = node.post("/responses", AGENT).text("/id");
        Await.until("it sleeps", () -> agent(node, id).body().contains("\"name\":\"sleep\""));
        String agent = agent(node, id).text("/id");
        node.post("/responses/" + id + "/cancel", null);
        long answered = System.nanoTime();
        Await.until(
            "it is cancelled",
            () -> node.get("/responses/" + agent).text("/status").equals("cancelled"));
        if (i >= 0) {
          took[i] = (System.nanoTime() - answered) / 1e6;
        }
      }
    }
    print("from the caller's cancelled to the agent's", took);
  }

  /** What this response has called; itself as long as that is nobody. */
  private static Node.Answer agent(Node node, String id) {
    for (JsonNode one : node.get("/responses?limit=5").json().path("data")) {
      if (one.at("/metadata/parent_response_id").asString("").equals(id)) {
        return node.get("/responses/" + one.path("id").asString());
      }
    }
    return node.get("/responses/" + id);
  }

  private static void print(String what, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        "%s: p50 %.1f ms, p99 %.1f ms%n",
        what, millis[millis.length / 2], millis[millis.length * 99 / 100]);
  }
}
