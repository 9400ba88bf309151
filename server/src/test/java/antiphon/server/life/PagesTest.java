package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of lists: what is on them, and what they may cost. */
class PagesTest {

  private static final Stores STORES = new Stores();

  @AfterAll
  static void stop() {
    STORES.close();
  }

  private static Stores.Opened open(Stores.Kind kind) {
    return STORES.open(kind, new ScriptedEngine(Script.words("a")));
  }

  private static List<String> ids(Answer page) {
    List<String> ids = new ArrayList<>();
    page.json().at("/data").forEach(entry -> ids.add(entry.path("id").asString()));
    return ids;
  }

  private static String messages(int count, String text) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> "{\"role\":\"user\",\"content\":\"" + i + text + "\",\"id\":\"msg_" + i + "\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @ParameterizedTest
  @EnumSource
  void inputItemsGoBothWaysFromAnywhere(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String id =
          node.post("/responses", "{\"model\":\"auto\",\"input\":" + messages(9, "") + "}")
              .text("/id");
      String path = "/responses/" + id + "/input_items?limit=3&order=";
      List<String> all = new ArrayList<>(IntStream.range(0, 9).mapToObj(i -> "msg_" + i).toList());
      for (String order : List.of("asc", "desc")) {
        for (int i = 0; i < 9; i++) {
          Answer behind = node.get(path + order + "&after=" + all.get(i));
          assertThat(ids(behind)).isEqualTo(all.subList(i + 1, Math.min(9, i + 4)));
          assertThat(behind.json().at("/has_more").asBoolean()).isEqualTo(i + 4 < 9);
          Answer ahead = node.get(path + order + "&before=" + all.get(i));
          assertThat(ids(ahead)).isEqualTo(all.subList(Math.max(0, i - 3), i));
          assertThat(ahead.json().at("/has_more").asBoolean()).isEqualTo(i > 3);
        }
        assertThat(ids(node.get(path + order + "&after=" + all.get(1) + "&before=" + all.get(3))))
            .isEqualTo(all.subList(2, 3));
        Collections.reverse(all);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPageIsBoundedInBytes(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String large = "y".repeat(1_500_000);
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        String body =
            "{\"model\":\"auto\",\"input\":"
                + messages(4, large)
                + ",\"instructions\":\""
                + large
                + "\"}";
        all.addFirst(node.post("/responses", body).text("/id"));
      }
      Answer page = node.get("/responses?limit=100");
      assertThat(ids(page)).isEqualTo(all.subList(0, 2));
      assertThat(page.body()).hasSizeLessThan(4 * 1024 * 1024);
      assertThat(page.json().at("/has_more").asBoolean()).isTrue();
      Answer rest = node.get("/responses?limit=100&after=" + all.get(2));
      assertThat(ids(rest)).isEqualTo(all.subList(3, 5));
      assertThat(rest.json().at("/has_more").asBoolean()).isFalse();
      assertThat(ids(node.get("/responses?limit=100&before=" + all.get(4))))
          .isEqualTo(all.subList(2, 4));

      Answer items = node.get("/responses/" + all.getFirst() + "/input_items?order=asc");
      assertThat(ids(items)).containsExactly("msg_0", "msg_1");
      assertThat(items.json().at("/has_more").asBoolean()).isTrue();
      assertThat(ids(node.get("/responses/" + all.getFirst() + "/input_items?before=msg_0")))
          .containsExactly("msg_2", "msg_1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConversationThatIsTooLargeIsRefused(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String large = "{\"model\":\"auto\",\"input\":\"" + "y".repeat(9_000_000) + "\"";
      Answer made = node.post("/responses", large + "}");
      int links = 1;
      while (made.status() == 200) {
        made =
            node.post(
                "/responses", large + ",\"previous_response_id\":\"" + made.text("/id") + "\"}");
        links++;
      }
      assertThat(links).isEqualTo(4);
      assertThat(made.status()).isEqualTo(400);
      assertThat(made.text("/error/param")).isEqualTo("previous_response_id");
      assertThat(made.text("/error/code")).isEqualTo("conversation_too_large");
      assertThat(made.text("/error/message")).contains("33554432 bytes");
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyReferencesToOneLargeResponse(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String items =
          IntStream.range(0, 10_000)
              .mapToObj(i -> "{\"role\":\"user\",\"content\":\"" + i + "\"}")
              .collect(Collectors.joining(",", "[", "]"));
      String id =
          node.post("/responses", "{\"model\":\"auto\",\"input\":" + items + "}").text("/id");
      String tail = id.substring("resp".length());
      String references =
          IntStream.range(0, 100)
              .mapToObj(i ->
                  "{\"type\":\"item_reference\",\"id\":\"msg%si%3s\"}"
                      .formatted(tail, Integer.toString(9_999 - i, 36))
                      .replace("i ", "i0"))
              .collect(Collectors.joining(",", "[", "]"));
      String body = "{\"model\":\"auto\",\"input\":" + references + "}";
      assertThat(node.post("/responses", body).status()).isEqualTo(200);
      long before = System.nanoTime();
      assertThat(node.post("/responses", body).status()).isEqualTo(200);
      long millis = (System.nanoTime() - before) / 1_000_000;
      // Idle machines take some 50 ms; one look-up a reference took 20 s.
      assertThat(millis).isLessThan(3_000);
      Answer unknown = node.post("/responses", body.replace(tail + "i7pr", tail + "izzz"));
      assertThat(unknown.status()).isEqualTo(400);
      assertThat(unknown.text("/error/param")).isEqualTo("input[0].id");
    }
  }

  @ParameterizedTest
  @EnumSource
  void textsWithANulAreRefusedByName(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String nul = "\"a\\u0000b\"";
      refused(node, "model", "{\"model\":" + nul + ",\"input\":\"x\"}");
      for (String field :
          List.of("previous_response_id", "user", "safety_identifier", "prompt_cache_key")) {
        refused(node, field, "{\"model\":\"auto\",\"input\":\"x\",\"" + field + "\":" + nul + "}");
      }
      refused(
          node,
          "fallback_models[0]",
          "{\"model\":\"auto\",\"input\":\"x\",\"fallback_models\":[" + nul + "]}");
      refused(
          node,
          "metadata.k",
          "{\"model\":\"auto\",\"input\":\"x\",\"metadata\":{\"k\":" + nul + "}}");
      refused(
          node,
          "metadata",
          "{\"model\":\"auto\",\"input\":\"x\",\"metadata\":{" + nul + ":\"v\"}}");
      refused(
          node,
          "input[0].id",
          "{\"model\":\"auto\",\"input\":[{\"type\":\"item_reference\",\"id\":" + nul + "}]}");
      refused(
          node,
          "tools[0].name",
          "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":"
              + nul
              + ",\"parameters\":{}}]}");
      String id =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\\u0000\"}").text("/id");
      assertThat(id).as("a text that nothing is found by may have one").startsWith("resp_");
      Answer update = node.post("/responses/" + id, "{\"metadata\":{\"k\":" + nul + "}}");
      assertThat(update.status()).isEqualTo(400);
      for (String list : List.of("/responses?", "/responses/" + id + "/input_items?")) {
        for (String cursor : List.of("after", "before")) {
          Answer page = node.get(list + cursor + "=%00");
          assertThat(page.status()).isEqualTo(400);
          assertThat(page.text("/error/param")).isEqualTo(cursor);
        }
      }
      String reference = "msg_" + "0".repeat(28) + "\\u0000o000";
      Answer unknown =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"input\":[{\"type\":\"item_reference\",\"id\":\""
                  + reference
                  + "\"}]}");
      assertThat(unknown.status()).isEqualTo(400);
      assertThat(node.get("/responses/resp_1%00").status()).isEqualTo(400);
      assertThat(node.get("/models/a%00").status()).isEqualTo(404);
    }
  }

  private static void refused(Node node, String param, String body) {
    Answer answer = node.post("/responses", body);
    assertThat(answer.status()).as(param).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo(param);
  }
}
