package antiphon.server.life;

import static antiphon.server.life.VectorStoreLifeTest.ok;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import java.net.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Vector stores that are shared, on either database. */
@Timeout(180)
class SharedStoresLifeTest {

  private static final Stores STORES = new Stores();

  @AfterAll
  static void close() {
    STORES.close();
  }

  /** A node, and Ann's store with one file, which some calls name. */
  private record World(Stores.Opened opened, String store, String file) implements AutoCloseable {

    static World open(Stores.Kind kind) {
      Script search = Script.call("file_search", "{\"queries\":[\"sleep\"]}");
      Stores.Opened opened = STORES.searching(kind, new ScriptedEngine(search));
      Node node = opened.node();
      String file = FilesLifeTest.upload(node, "ann", "cats.txt", "Cats sleep a lot.").text("/id");
      World empty = new World(opened, "", file);
      String body = "{\"file_ids\":[\"" + file + "\"]}";
      String store = ok(empty.call("ann", "POST", "/vector_stores", body)).get("id").asString();
      World world = new World(opened, store, file);
      Await.until(
          "the file is indexed",
          () -> ok(world.on("ann", "GET", "", null)).at("/file_counts/completed").asInt() == 1);
      return world;
    }

    Node.Answer call(@Nullable String user, String method, String path, @Nullable String body) {
      Node node = opened.node();
      HttpRequest.Builder request = node.request(path);
      if (user != null) {
        request.header("X-On-Behalf-Of", user);
      }
      if (body == null) {
        request.method(method, HttpRequest.BodyPublishers.noBody());
      } else {
        request
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
      }
      return node.call(request.build());
    }

    Node.Answer on(@Nullable String user, String method, String below, @Nullable String body) {
      return call(user, method, "/vector_stores/" + store + below, body);
    }

    /** Every call that reads. */
    List<Node.Answer> reads(@Nullable String user) {
      return List.of(
          on(user, "GET", "", null),
          on(user, "POST", "/search", "{\"query\":\"sleep\"}"),
          on(user, "GET", "/files", null),
          on(user, "GET", "/files/" + file, null),
          on(user, "GET", "/files/" + file + "/content", null),
          on(user, "GET", "/permissions", null),
          on(user, "GET", "/permissions/bob", null));
    }

    /** Every call that writes. */
    List<Node.Answer> writes(@Nullable String user, String another) {
      String body = "{\"file_id\":\"" + another + "\"}";
      return List.of(
          on(user, "POST", "/files", body),
          on(user, "POST", "/files/" + file, "{\"attributes\":{\"a\":1}}"),
          on(user, "DELETE", "/files/" + another, null));
    }

    /** Every call that is the owner's alone. */
    List<Node.Answer> owns(@Nullable String user) {
      return List.of(
          on(user, "POST", "", "{\"name\":\"mine\"}"),
          on(user, "POST", "/permissions", "{\"user_id\":\"eve\",\"role\":\"reader\"}"),
          on(user, "DELETE", "/permissions/bob", null),
          on(user, "DELETE", "", null));
    }

    String fileOf(String user, String name) {
      return FilesLifeTest.upload(opened.node(), user, name, "Dogs bark: " + name).text("/id");
    }

    /** What a response of this user finds in the store. */
    String searched(@Nullable String user) {
      String tool = "{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store + "\"]}";
      String body = "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[" + tool + "]}";
      return call(user, "POST", "/responses", body).body();
    }

    @Override
    public void close() {
      opened.close();
    }
  }

  private static void all(List<Node.Answer> answers, int status) {
    for (Node.Answer answer : answers) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void nobodySeesWhatWasNotGranted(Stores.Kind kind) {
    try (World world = World.open(kind)) {
      var _ =
          ok(world.on("ann", "POST", "/permissions", "{\"user_id\":\"bob\",\"role\":\"writer\"}"));
      for (String user : new String[] {"eve", "BOB", null}) {
        List<Node.Answer> answers = world.reads(user);
        all(answers, 404);
        all(world.writes(user, world.fileOf("eve", "e" + user)), 404);
        all(world.owns(user), 404);
        Node.Answer none = world.call(user, "GET", "/vector_stores/vs_none", null);
        assertThat(answers.getFirst().body().replace(world.store(), "vs_none"))
            .as("the same as of none")
            .isEqualTo(none.body());
        assertThat(world.searched(user)).doesNotContain("Cats sleep");
        assertThat(ok(world.call(user, "GET", "/vector_stores", null)).get("data")).isEmpty();
        assertThat(world.call(user, "GET", "/files/" + world.file(), null).status()).isEqualTo(404);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void aReaderReadsAndAWriterWrites(Stores.Kind kind) {
    try (World world = World.open(kind)) {
      String bobs = world.fileOf("bob", "dogs.txt");
      JsonNode granted =
          ok(world.on("ann", "POST", "/permissions", "{\"user_id\":\"bob\",\"role\":\"reader\"}"));
      assertThat(granted.toString())
          .isEqualTo(
              "{\"object\":\"vector_store.permission\",\"vector_store_id\":\""
                  + world.store()
                  + "\",\"grantee_type\":\"user\",\"user_id\":\"bob\",\"role\":\"reader\"}");
      all(world.reads("bob"), 200);
      all(world.writes("bob", bobs), 403);
      all(world.owns("bob"), 403);
      assertThat(world.searched("bob")).contains("Cats sleep");
      assertThat(world.call("bob", "GET", "/files/" + world.file(), null).status())
          .as("the file itself is not shared")
          .isEqualTo(404);

      var _ =
          ok(
              world.on(
                  "ann",
                  "POST",
                  "/permissions",
                  "{\"grantee_type\":\"user\",\"user_id\":\"bob\",\"role\":\"writer\"}"));
      var _ = ok(world.on("bob", "POST", "/files", "{\"file_id\":\"" + bobs + "\"}"));
      Await.until(
          "Bob's file is indexed",
          () ->
              ok(world.on("ann", "GET", "/files/" + bobs, null))
                  .get("status")
                  .asString()
                  .equals("completed"));
      assertThat(
              ok(world.on("ann", "POST", "/search", "{\"query\":\"dogs bark\"}"))
                  .at("/data/0/file_id")
                  .asString())
          .isEqualTo(bobs);
      assertThat(
              world.on("bob", "POST", "/files", "{\"file_id\":\"" + world.file() + "\"}").status())
          .as("a file of Ann's is none of Bob's")
          .isEqualTo(404);
      all(world.writes("bob", bobs).subList(1, 3), 200);
      all(world.owns("bob"), 403);

      assertThat(world.call("bob", "DELETE", "/files/" + bobs, null).status()).isEqualTo(200);
      assertThat(ok(world.on("ann", "DELETE", "/permissions/bob", null)).toString())
          .contains("vector_store.permission.deleted")
          .contains("\"deleted\":true");
      all(world.reads("bob"), 404);
      assertThat(world.on("ann", "DELETE", "/permissions/bob", null).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void theTeamIsTheAccount(Stores.Kind kind) {
    try (World world = World.open(kind)) {
      String team = "{\"grantee_type\":\"team\",\"role\":\"reader\"}";
      JsonNode granted = ok(world.on("ann", "POST", "/permissions", team));
      assertThat(granted.get("user_id").isNull()).isTrue();
      all(world.reads("eve"), 200);
      all(world.reads(null), 200);
      assertThat(world.searched(null)).contains("Cats sleep");
      var _ =
          ok(world.on("ann", "POST", "/permissions", "{\"user_id\":\"bob\",\"role\":\"writer\"}"));
      JsonNode list = ok(world.on("eve", "GET", "/permissions", null));
      assertThat(list.get("object").asString()).isEqualTo("list");
      assertThat(list.at("/data").valueStream().map(SharedStoresLifeTest::line))
          .containsExactly("user ann owner", "team null reader", "user bob writer");
      assertThat(effective(world, "ann")).isEqualTo("user ann owner owner");
      assertThat(effective(world, "bob")).isEqualTo("user bob writer grant");
      assertThat(effective(world, "eve")).isEqualTo("user eve reader team");
      assertThat(effective(world, "team")).isEqualTo("team null reader team");
      var _ = ok(world.on("ann", "DELETE", "/permissions/team", null));
      assertThat(effective(world, "team")).isEqualTo("team null null none");
      assertThat(effective(world, "eve")).isEqualTo("user eve null none");
      all(world.reads("eve"), 404);
    }
  }

  private static String effective(World world, String user) {
    JsonNode effective = ok(world.on("ann", "GET", "/permissions/" + user, null));
    return line(effective) + " " + effective.get("source").asString();
  }

  private static String line(JsonNode permission) {
    return permission.get("grantee_type").asString()
        + " "
        + permission.get("user_id").asString("null")
        + " "
        + permission.get("role").asString("null");
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void whatCannotBeGrantedIsRefusedByItsField(Stores.Kind kind) {
    try (World world = World.open(kind)) {
      for (String mistake :
          List.of(
              "role {\"user_id\":\"bob\",\"role\":\"owner\"}",
              "role {\"user_id\":\"bob\"}",
              "user_id {\"role\":\"reader\"}",
              "user_id {\"user_id\":\"ann\",\"role\":\"reader\"}",
              "user_id {\"user_id\":\"team\",\"role\":\"reader\"}",
              "user_id {\"user_id\":\"a/b\",\"role\":\"reader\"}",
              "user_id {\"user_id\":\"a b\",\"role\":\"reader\"}",
              "user_id {\"user_id\":\"a\\u0000b\",\"role\":\"reader\"}",
              "user_id {\"user_id\":\"\",\"role\":\"reader\"}",
              "user_id {\"user_id\":\"*\",\"role\":\"reader\"}",
              "user_id {\"grantee_type\":\"team\",\"user_id\":\"bob\",\"role\":\"reader\"}",
              "grantee_type {\"grantee_type\":\"world\",\"role\":\"reader\"}")) {
        String[] parts = mistake.split(" ", 2);
        Node.Answer answer = world.on("ann", "POST", "/permissions", parts[1]);
        assertThat(answer.status()).as(mistake + answer.body()).isEqualTo(400);
        assertThat(answer.text("/error/param")).as(mistake).isEqualTo(parts[0]);
      }
      assertThat(world.on("ann", "DELETE", "/permissions/ann", null).status()).isEqualTo(400);
      assertThat(world.on("ann", "GET", "/permissions/a%20b", null).status()).isEqualTo(400);
    }
  }
}
