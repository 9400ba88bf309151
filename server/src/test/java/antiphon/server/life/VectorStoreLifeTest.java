package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Vector stores on a whole server, on either database, with the built-in model. */
class VectorStoreLifeTest {

  private static final Stores STORES = new Stores();

  private static final String CATS =
      """
      # Cats
      A cat sleeps for sixteen hours a day. It hunts mice at dusk and at dawn.

      # Error codes
      The code XK-4711 says that the purring sensor is unplugged.
      """;

  private static final String SHIPS =
      "The cargo ship carries containers over the ocean from Rotterdam to Singapore.";

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    STORES.close();
  }

  private static Stores.Opened open(Stores.Kind kind) {
    return STORES.open(kind, new ScriptedEngine(Script.words("a")));
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void filesArePutInFoundAndTakenOut(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String cats = FilesLifeTest.upload(node, null, "cats.md", CATS).text("/id");
      String ships = FilesLifeTest.upload(node, null, "ships.txt", SHIPS).text("/id");
      String store =
          ok(node.post("/vector_stores", "{\"name\":\"all\",\"file_ids\":[\"" + cats + "\"]}"))
              .get("id")
              .asString();
      var _ =
          ok(
              node.post(
                  "/vector_stores/" + store + "/files",
                  "{\"file_id\":\"" + ships + "\",\"attributes\":{\"year\":2020}}"));
      awaitIndexed(node, store, 2);

      JsonNode found = search(node, store, "{\"query\":\"How long do felines rest?\"}");
      assertThat(found.at("/data/0/file_id").asString()).isEqualTo(cats);
      assertThat(found.at("/data/0/content/0/text").asString()).contains("sixteen hours");
      assertThat(found.at("/search_query").asString()).isEqualTo("How long do felines rest?");
      assertThat(search(node, store, "{\"query\":\"XK-4711\"}").at("/data/0/filename").asString())
          .isEqualTo("cats.md");
      assertThat(
              search(
                      node,
                      store,
                      "{\"query\":\"cats\",\"filters\":{\"type\":\"gte\",\"key\":\"year\",\"value\":2020}}")
                  .at("/data/0/file_id")
                  .asString())
          .isEqualTo(ships);
      assertThat(
              search(
                      node,
                      store,
                      "{\"query\":\"cats\",\"ranking_options\":{\"score_threshold\":0.99}}")
                  .get("data"))
          .isEmpty();

      JsonNode file = ok(node.get("/vector_stores/" + store + "/files/" + cats));
      assertThat(file.get("status").asString()).isEqualTo("completed");
      assertThat(file.get("chunk_count").asInt())
          .isEqualTo(file.get("processed_chunk_count").asInt())
          .isPositive();
      assertThat(ok(node.get("/vector_stores/" + store + "/files/" + cats + "/content")).toString())
          .contains("XK-4711");
      JsonNode all = ok(node.get("/vector_stores/" + store));
      assertThat(all.at("/file_counts/completed").asInt()).isEqualTo(2);
      assertThat(all.get("usage_bytes").asLong()).isGreaterThan(2 * 384 * 4);

      var _ =
          ok(
              node.post(
                  "/vector_stores/" + store + "/files/" + ships,
                  "{\"attributes\":{\"kind\":\"sea\"}}"));
      String bySea =
          "{\"query\":\"x\",\"filters\":{\"type\":\"%s\",\"key\":\"kind\",\"value\":\"sea\"}}";
      assertThat(search(node, store, bySea.formatted("eq")).at("/data/0/file_id").asString())
          .isEqualTo(ships);
      assertThat(search(node, store, bySea.formatted("ne")).at("/data/0/file_id").asString())
          .isEqualTo(cats);

      var _ = ok(node.call("DELETE", "/vector_stores/" + store + "/files/" + cats, null));
      assertThat(search(node, store, "{\"query\":\"cat\"}").toString()).doesNotContain(cats);
      assertThat(node.get("/vector_stores/" + store + "/files/" + cats).status()).isEqualTo(404);
      assertThat(node.get("/files/" + cats).status()).isEqualTo(200);
      var _ = ok(node.call("DELETE", "/files/" + ships, null));
      assertThat(search(node, store, "{\"query\":\"ship\"}").get("data")).isEmpty();
      var _ = ok(node.call("DELETE", "/vector_stores/" + store, null));
      assertThat(node.post("/vector_stores/" + store + "/search", "{\"query\":\"x\"}").status())
          .isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void aBadFileOfABatchFailsAlone(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String good = FilesLifeTest.upload(node, null, "good.txt", SHIPS).text("/id");
      String bad = FilesLifeTest.upload(node, null, "bad.pdf", "%PDF-1.7 nothing more").text("/id");
      String same = FilesLifeTest.upload(node, null, "same.txt", SHIPS).text("/id");
      String store = ok(node.post("/vector_stores", "{}")).get("id").asString();
      String batches = "/vector_stores/" + store + "/file_batches";
      String ids = "[\"" + good + "\",\"" + bad + "\",\"" + same + "\"]";
      assertThat(node.post(batches, "{\"file_ids\":" + ids + "}").status()).isEqualTo(409);

      String batch =
          ok(node.post(batches, "{\"file_ids\":" + ids + ",\"skip_duplicates\":true}"))
              .get("id")
              .asString();
      Await.until(
          "the batch is done",
          () -> ok(node.get(batches + "/" + batch)).at("/file_counts/in_progress").asInt() == 0);

      JsonNode done = ok(node.get(batches + "/" + batch));
      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.get("file_counts").toString())
          .isEqualTo(
              "{\"in_progress\":0,\"completed\":1,\"failed\":1,\"cancelled\":1,\"total\":3}");
      JsonNode failed = ok(node.get(batches + "/" + batch + "/files?filter=failed")).at("/data/0");
      assertThat(failed.get("id").asString()).isEqualTo(bad);
      assertThat(failed.at("/last_error/code").asString()).isEqualTo("invalid_file");
      assertThat(search(node, store, "{\"query\":\"ocean\"}").at("/data/0/file_id").asString())
          .isEqualTo(good);
      assertThat(ok(node.post(batches + "/" + batch + "/cancel", null)).get("status").asString())
          .isEqualTo("completed");
    }
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void somebodyElsesIdsAreTheSame404AsNone(Stores.Kind kind) {
    try (Stores.Opened opened = open(kind)) {
      Node node = opened.node();
      String file = FilesLifeTest.upload(node, null, "a.txt", SHIPS).text("/id");
      String store =
          ok(node.post("/vector_stores", "{\"file_ids\":[\"" + file + "\"]}")).get("id").asString();
      String one = "/vector_stores/" + store;
      List<String> calls =
          List.of(
              "GET " + one,
              "POST " + one + " {\"name\":\"x\"}",
              "DELETE " + one,
              "POST " + one + "/search {\"query\":\"x\"}",
              "POST " + one + "/files {\"file_id\":\"" + file + "\"}",
              "GET " + one + "/files",
              "GET " + one + "/files/" + file,
              "POST " + one + "/files/" + file + " {\"attributes\":{}}",
              "GET " + one + "/files/" + file + "/content",
              "DELETE " + one + "/files/" + file,
              "POST " + one + "/file_batches {\"file_ids\":[\"" + file + "\"]}",
              "GET " + one + "/file_batches/vsfb_1",
              "POST " + one + "/file_batches/vsfb_1/cancel {}",
              "GET " + one + "/file_batches/vsfb_1/files");
      for (String call : calls) {
        Node.Answer theirs = as(node, call, "user");
        Node.Answer none = as(node, call.replace(store, "vs_none"), "user");
        assertThat(theirs.status()).as(call + theirs.body()).isEqualTo(404);
        assertThat(theirs.body().replace(store, "vs_none")).isEqualTo(none.body());
      }
      assertThat(as(node, "GET /vector_stores", "user").json().get("data")).isEmpty();
      Node.Answer foreign =
          as(node, "POST /vector_stores {\"file_ids\":[\"" + file + "\"]}", "user");
      assertThat(foreign.status()).isEqualTo(400);
      assertThat(foreign.text("/error/param")).isEqualTo("file_ids[0]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'';{\"retrieval_mode\":\"graph\"};retrieval_mode",
        "'';{\"expires_after\":{\"anchor\":\"last_active_at\",\"days\":366}};expires_after.days",
        "'';{\"expires_after\":{\"anchor\":\"created_at\",\"days\":1}};expires_after.anchor",
        "'';{\"embedding_model\":\"none\"};embedding_model",
        "'';{\"embedding_dimensions\":3};embedding_dimensions",
        "'';{\"file_ids\":[\"file_none\"]};file_ids[0]",
        "'';{\"metadata\":{\"a\":1}};metadata.a",
        "/search;{};query",
        "/search;{\"query\":\"\"};query",
        "/search;{\"query\":[]};query",
        "/search;{\"query\":\"x\",\"max_num_results\":51};max_num_results",
        "/search;{\"query\":\"x\",\"filters\":{\"type\":\"like\"}};filters.type",
        "/search;{\"query\":\"x\",\"filters\":{\"type\":\"eq\",\"key\":\"a\"}};filters.value",
        "/search;{\"query\":\"x\",\"filters\":{\"type\":\"and\",\"filters\":[{\"type\":\"in\",\"key\":\"a\",\"value\":1}]}};filters.filters[0].value",
        "/search;{\"query\":\"x\",\"ranking_options\":{\"score_threshold\":2}};ranking_options.score_threshold",
        "/files;{};file_id",
        "/files;{\"file_id\":\"file_none\"};file_id",
        "/file_batches;{};file_ids",
        "/file_batches;{\"file_ids\":[]};file_ids",
      })
  void whatIsWrongIsNamed(String path, String body, String param) {
    try (Stores.Opened opened = open(Stores.Kind.SQLITE)) {
      Node node = opened.node();
      String store = ok(node.post("/vector_stores", "{}")).get("id").asString();
      String place = path.isEmpty() ? "/vector_stores" : "/vector_stores/" + store + path;
      Node.Answer answer = node.post(place, body);
      assertThat(answer.status()).as(answer.body()).isBetween(400, 404);
      assertThat(answer.text("/error/param")).isEqualTo(param);
    }
  }

  @Test
  void everythingIsThereAfterARestartThoughTheIndexIsGone() throws Exception {
    String store;
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      String file = FilesLifeTest.upload(node, null, "ships.txt", SHIPS).text("/id");
      store =
          ok(node.post("/vector_stores", "{\"file_ids\":[\"" + file + "\"]}")).get("id").asString();
      awaitIndexed(node, store, 1);
    }
    try (var files = java.nio.file.Files.walk(folder.resolve("knowledge").resolve("index"))) {
      for (Path path : files.filter(java.nio.file.Files::isRegularFile).toList()) {
        java.nio.file.Files.writeString(path, "broken");
      }
    }
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      assertThat(search(node, store, "{\"query\":\"ocean\"}").at("/data/0/filename").asString())
          .isEqualTo("ships.txt");
    }
  }

  static void awaitIndexed(Node node, String store, int files) {
    Await.until(
        "files are indexed",
        () ->
            ok(node.get("/vector_stores/" + store)).at("/file_counts/completed").asInt() == files);
  }

  private static JsonNode search(Node node, String store, String body) {
    return ok(node.post("/vector_stores/" + store + "/search", body));
  }

  static JsonNode ok(Node.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static Node.Answer as(Node node, String call, @Nullable String user) {
    List<String> parts = new ArrayList<>(List.of(call.split(" ", 3)));
    HttpRequest.Builder request = node.request(parts.get(1));
    if (parts.size() == 3) {
      request
          .header("Content-Type", "application/json")
          .method(parts.getFirst(), HttpRequest.BodyPublishers.ofString(parts.get(2)));
    } else {
      request.method(parts.getFirst(), HttpRequest.BodyPublishers.noBody());
    }
    if (user != null) {
      request.header("X-On-Behalf-Of", user);
    }
    return node.call(request.build());
  }
}
