package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Conversations, over HTTP: what they keep, and that responses take turns in them. */
class ConversationLifeTest {

  @TempDir static Path postgresFolder;
  private static PostgresServer postgres;

  @TempDir Path folder;

  @BeforeAll
  static void startPostgres() {
    postgres = new PostgresServer(postgresFolder);
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  private static ScriptedEngine counting() {
    return new ScriptedEngine((turn, sink) -> {
      sink.begun();
      sink.accept(new Piece.Text("saw " + turn.items().size()));
      return ScriptedEngine.stop(turn, 2);
    });
  }

  private static String conversation(Node node, String body) {
    Answer made = node.post("/conversations", body);
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.text("/id");
  }

  private static String create(String conversation, String more) {
    return "{\"model\":\"auto\",\"input\":\"hello\",\"conversation\":\""
        + conversation
        + "\""
        + more
        + "}";
  }

  private static List<String> texts(Node node, String conversation) {
    JsonNode items =
        node.get("/conversations/" + conversation + "/items?order=asc&limit=100").json();
    List<String> texts = new ArrayList<>();
    items.get("data").forEach(item -> texts.add(item.at("/content/0/text").asString()));
    return texts;
  }

  @Test
  void inputAndOutputJoinInOrder() {
    try (Node node = new Node(folder, counting())) {
      String id =
          conversation(
              node,
              "{\"items\":[{\"role\":\"user\",\"content\":\"before\"}],\"metadata\":{\"a\":\"b\"}}");
      for (String more :
          List.of("", ",\"stream\":true", ",\"background\":true", ",\"store\":null")) {
        Answer made = node.post("/responses", create(id, more));
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        Await.until("joined", () -> texts(node, id).size() % 2 == 1 && last(node, id));
      }
      assertThat(texts(node, id))
          .containsExactly(
              "before", "hello", "saw 2", "hello", "saw 4", "hello", "saw 6", "hello", "saw 8");
      JsonNode shown = node.post("/responses", create(id, "")).json();
      assertThat(shown.at("/conversation/id").asString()).isEqualTo(id);
      Answer found = node.get("/conversations?search=before&metadata=%7B%22a%22%3A%22b%22%7D");
      assertThat(found.text("/data/0/id")).as(found.body()).isEqualTo(id);
    }
  }

  private static boolean last(Node node, String id) {
    return texts(node, id).getLast().startsWith("saw");
  }

  @Test
  void aConversationMayBeGivenAsAnObjectAndWithoutInput() {
    try (Node node = new Node(folder, counting())) {
      String id = conversation(node, "{\"items\":[{\"role\":\"user\",\"content\":\"only\"}]}");
      Answer made =
          node.post("/responses", "{\"model\":\"auto\",\"conversation\":{\"id\":\"" + id + "\"}}");
      assertThat(made.text("/output/0/content/0/text")).as(made.body()).isEqualTo("saw 1");
      assertThat(texts(node, id)).containsExactly("only", "saw 1");
    }
  }

  @Test
  void whatDoesNotGoIsRefusedByName() {
    try (Node node = new Node(folder, counting())) {
      String id = conversation(node, "{}");
      refused(node, create(id, ",\"previous_response_id\":\"resp_1\""), 400, "conversation");
      refused(node, create(id, ",\"store\":false"), 400, "store");
      refused(node, create("conv_none", ""), 404, "conversation");
      refused(node, create("conv_none", ",\"background\":true"), 404, "conversation");
      refused(node, "{\"model\":\"auto\",\"conversation\":7}", 400, "conversation");
      refused(node, "{\"model\":\"auto\",\"conversation\":{}}", 400, "conversation");
      assertThat(node.post("/conversations/" + id + "/items", "{\"items\":[]}").status())
          .isEqualTo(400);
      assertThat(node.get("/conversations/" + id + "/items/msg_none").status()).isEqualTo(404);
      assertThat(node.get("/conversations/" + id + "/items?after=msg_none").status())
          .isEqualTo(400);
      assertThat(node.get("/conversations?search=%2C").text("/error/param")).isEqualTo("search");
      assertThat(node.get("/conversations?metadata=%5B").text("/error/param"))
          .isEqualTo("metadata");
    }
  }

  private static void refused(Node node, String body, int status, String param) {
    Answer answer = node.post("/responses", body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.text("/error/param")).isEqualTo(param);
  }

  @Test
  void aCancelledResponseLeavesNothingAndTheNextOneRuns() {
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      String id = conversation(node, "{}");
      String first = node.post("/responses", create(id, ",\"background\":true")).text("/id");
      Await.until("running", () -> engine.running() == 1);
      String second = node.post("/responses", create(id, ",\"background\":true")).text("/id");
      assertThat(node.get("/responses/" + second).text("/status")).isEqualTo("queued");
      gate.pass(1);
      node.post("/responses/" + first + "/cancel", null);
      gate.pass(2);
      Await.until(
          "the second one's end",
          () -> node.get("/responses/" + second).text("/status").equals("completed"));
      assertThat(texts(node, id)).containsExactly("hello", "w0 w1 ");
      assertThat(engine.turns().getLast().items()).hasSize(1);
    }
  }

  @Test
  void aForegroundResponseWaitsItsTurnAndSeesWhatCameBefore() {
    Gate gate = new Gate(1);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      String id = conversation(node, "{}");
      CompletableFuture<Answer> first =
          CompletableFuture.supplyAsync(() -> node.post("/responses", create(id, "")));
      Await.until("running", () -> engine.running() == 1);
      CompletableFuture<Answer> second =
          CompletableFuture.supplyAsync(() -> node.post("/responses", create(id, "")));
      gate.pass(2);
      assertThat(first.join().text("/status")).isEqualTo("completed");
      assertThat(second.join().text("/status")).isEqualTo("completed");
      assertThat(engine.turns().stream().map(Turn::items).map(List::size)).containsExactly(1, 3);
      assertThat(texts(node, id)).containsExactly("hello", "w0 ", "hello", "w0 ");
    }
  }

  @Test
  void onTwoNodesEachItemIsThereOnceAndInOrder() {
    try (Cluster cluster = new Cluster(postgres)) {
      Node one = cluster.node(counting());
      Node two = cluster.node(counting());
      String id = conversation(one, "{}");
      List<CompletableFuture<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Node node = i % 2 == 0 ? one : two;
        String more = i % 3 == 0 ? ",\"background\":true" : "";
        calls.add(CompletableFuture.supplyAsync(() -> node.post("/responses", create(id, more))));
      }
      calls.forEach(call -> assertThat(call.join().status()).as(call.join().body()).isEqualTo(200));
      Await.until("all joined", () -> texts(two, id).size() == 12);
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        expected.add("hello");
        expected.add("saw " + (2 * i + 1));
      }
      assertThat(texts(one, id)).isEqualTo(expected).isEqualTo(texts(two, id));
    }
  }

  @Test
  void aCallOfTheConversationIsAnsweredByTheNextResponse() {
    try (Node node = new Node(folder, counting())) {
      String id =
          conversation(
              node,
              "{\"items\":[{\"role\":\"user\",\"content\":\"x\"},{\"type\":\"function_call\","
                  + "\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"}]}");
      Answer open = node.post("/responses", create(id, ""));
      assertThat(open.status()).as(open.body()).isEqualTo(400);
      String output = "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"done\"}";
      Answer answered =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"conversation\":\"" + id + "\",\"input\":[" + output + "]}");
      assertThat(answered.status()).as(answered.body()).isEqualTo(200);
      // Said again, as clients do that send all they know.
      Answer again =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"conversation\":\""
                  + id
                  + "\",\"input\":["
                  + output
                  + ",{\"role\":\"user\",\"content\":\"y\"}]}");
      assertThat(again.text("/output/0/content/0/text")).as(again.body()).isEqualTo("saw 5");
      assertThat(node.get("/conversations/" + id + "/items?order=asc").json().get("data"))
          .hasSize(6);
    }
  }

  @Test
  void itemsOfADeletedConversationCanBeReferredTo() {
    try (Node node = new Node(folder, counting())) {
      String id = conversation(node, "{\"items\":[{\"role\":\"user\",\"content\":\"kept\"}]}");
      String item = node.get("/conversations/" + id + "/items").text("/data/0/id");
      assertThat(node.call("DELETE", "/conversations/" + id, null).text("/object"))
          .isEqualTo("conversation.deleted");
      assertThat(node.get("/conversations/" + id).status()).isEqualTo(404);
      Answer made =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"input\":[{\"type\":\"item_reference\",\"id\":\""
                  + item
                  + "\"}]}");
      assertThat(made.text("/output/0/content/0/text")).as(made.body()).isEqualTo("saw 1");
    }
  }
}
