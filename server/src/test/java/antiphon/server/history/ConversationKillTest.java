package antiphon.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two clients write to one conversation by three nodes that are killed. {@code -Dantiphon.kills=8}
 * kills so often, {@code -Dantiphon.seed} repeats a run.
 */
class ConversationKillTest {

  /** At most 8, for then the conversation is a page long. */
  private static final int KILLS = Math.min(8, Integer.getInteger("antiphon.kills", 2));

  private static final long LEASE_MILLIS = 1_500;
  private static final String KEY = "sk-conversation-0123456789";

  /** So many responses of each client for a kill. */
  private static final int EACH = 3;

  @TempDir Path folder;

  private final Client client = new Client(KEY);
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<String> made = new CopyOnWriteArrayList<>();

  @Test
  void everyItemIsThereOnceAndInOneOrderOnEveryNode() throws Exception {
    long seed = Long.getLong("antiphon.seed", System.nanoTime());
    System.out.println("ConversationKillTest: seed " + seed);
    Random random = new Random(seed);
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      String database = PostgresServer.url(postgres.port(), postgres.database());
      for (int i = 0; i < 3; i++) {
        Path output = folder.resolve("node" + i + ".log");
        nodes.add(new NodeProcess(database, LEASE_MILLIS, KEY, output, Bug.NONE));
      }
      String conversation = ask(0, "/conversations", "{}", "made").path("id").asString();
      List<Future<List<String>>> said = new ArrayList<>();
      for (String name : List.of("a", "b")) {
        Random choices = new Random(random.nextLong());
        said.add(clients.submit(() -> write(name, conversation, choices)));
      }
      for (int i = 1; i <= KILLS; i++) {
        // What is killed has begun since the last time, so that nothing is killed three times.
        int ended = i * EACH - 1;
        Await.until("responses end", () -> ended() >= ended);
        NodeProcess node = nodes.get(random.nextInt(nodes.size()));
        node.kill();
        node.start();
      }
      List<String> first = said.getFirst().get();
      List<String> second = said.getLast().get();
      Await.until("all end", () -> ended() == first.size() + second.size());
      check(conversation, first, second);
    } finally {
      nodes.forEach(NodeProcess::close);
      client.close();
    }
  }

  /** Creates one after the other by any node; their inputs. */
  private List<String> write(String name, String conversation, Random random) throws Exception {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < KILLS * EACH; i++) {
      String input = name + i;
      String body =
          "{\"model\":\"auto\",\"background\":true,\"input\":\"%s\",\"conversation\":\"%s\",\"max_output_tokens\":%d}"
              .formatted(input, conversation, 16 + random.nextInt(8));
      made.add(ask(random.nextInt(3), "/responses", body, input).path("id").asString());
      inputs.add(input);
      // The queue is never long, and never empty for long.
      int now = made.size();
      Await.until("some end", () -> ended() > now - 6);
    }
    return inputs;
  }

  /** Asks one node after the other until one answers. */
  private JsonNode ask(int node, String path, String body, String key) {
    return answered(node, url -> client.post(url + path, body, "conversation-kill-" + key));
  }

  private JsonNode get(int node, String path) {
    return answered(node, url -> client.get(url + path));
  }

  @FunctionalInterface
  private interface Call {
    Optional<Client.Answer> to(String url) throws InterruptedException;
  }

  private JsonNode answered(int node, Call call) {
    for (int i = 0; i < 200; i++) {
      Optional<Client.Answer> answer = sent(call, nodes.get((node + i) % 3).url());
      if (answer.isPresent() && answer.get().status() == 200) {
        return tree(answer.get().body());
      }
      assertThat(answer.map(Client.Answer::status).orElse(503)).isIn(503, 409);
      LockSupport.parkNanos(50_000_000);
    }
    throw new AssertionError("no node answers");
  }

  private static Optional<Client.Answer> sent(Call call, String url) {
    try {
      return call.to(url);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode tree(String json) {
    return Json.tree(json.getBytes(StandardCharsets.UTF_8));
  }

  private int ended() {
    int ended = 0;
    for (String id : made) {
      String status = get(0, "/responses/" + id).path("status").asString();
      ended += status.equals("completed") ? 1 : 0;
      assertThat(status).isIn("queued", "in_progress", "completed");
    }
    return ended;
  }

  private void check(String conversation, List<String> first, List<String> second) {
    String path = "/conversations/" + conversation + "/items?order=asc&limit=100";
    JsonNode items = get(0, path);
    List<String> inputs = new ArrayList<>();
    JsonNode data = items.path("data");
    for (int i = 0; i < data.size(); i += 2) {
      assertThat(data.get(i).path("role").asString()).isEqualTo("user");
      assertThat(data.get(i + 1).path("role").asString()).isEqualTo("assistant");
      inputs.add(data.get(i).at("/content/0/text").asString());
      int words = data.get(i + 1).at("/content/0/text").asString().split(" ", -1).length - 1;
      assertThat(words).isBetween(16, 23);
      assertThat(data.get(i + 1).at("/content/0/text").asString())
          .isEqualTo(CountingEngine.text(words));
    }
    assertThat(inputs).containsSubsequence(first).containsSubsequence(second);
    assertThat(inputs).hasSize(first.size() + second.size());
    for (NodeProcess node : nodes) {
      Await.until("node answers the same", () -> same(node.url() + path, items));
    }
  }

  private boolean same(String url, JsonNode items) {
    return sent(client::get, url).filter(answer -> tree(answer.body()).equals(items)).isPresent();
  }
}
