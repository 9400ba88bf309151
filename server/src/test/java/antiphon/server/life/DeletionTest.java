package antiphon.server.life;

import static antiphon.server.life.VectorStoreLifeTest.ok;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What was deleted is nowhere: on SQLite in no byte of any file in the data folder, on PostgreSQL
 * in no row of any table and no byte of a node's folder.
 */
@Timeout(180)
class DeletionTest {

  /** Stands in what is deleted. */
  private static final String GONE = "quaxolimber";

  /** Stands in what stays: who looks for it has to find it. */
  private static final String STAYS = "brindlewort";

  private static final Stores STORES = new Stores();

  @TempDir Path folder;

  @AfterAll
  static void close() {
    STORES.close();
  }

  private Node node(Stores.Kind kind) {
    Storage storage = STORES.storage(kind, folder);
    return new Node(storage, new ScriptedEngine(Script.words("a")));
  }

  private static String text(String word, int number) {
    StringBuilder text = new StringBuilder("# About " + word + "\n\n");
    for (int i = 0; i < 40; i++) {
      text.append("Sentence %d of %d says that the %s sings at dusk. ".formatted(i, number, word));
    }
    return text.toString();
  }

  private static Node.Answer call(
      Node node, @Nullable String user, String method, String path, @Nullable String body) {
    HttpRequest.Builder request = node.request(path).header("Content-Type", "application/json");
    if (user != null) {
      request.header("X-On-Behalf-Of", user);
    }
    return node.call(
        request
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** A store with files about a word, which its name and an attribute have too; all indexed. */
  private static Kept keep(Node node, @Nullable String user, String word, int files) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      ids.add(FilesLifeTest.upload(node, user, word + i + ".md", text(word, i)).text("/id"));
    }
    String store =
        ok(call(
                node,
                user,
                "POST",
                "/vector_stores",
                "{\"name\":\"" + word + "\",\"metadata\":{\"about\":\"" + word + "\"}}"))
            .get("id")
            .asString();
    String path = "/vector_stores/" + store;
    for (String id : ids) {
      var _ =
          ok(
              call(
                  node,
                  user,
                  "POST",
                  path + "/files",
                  "{\"file_id\":\"" + id + "\",\"attributes\":{\"about\":\"" + word + "\"}}"));
    }
    Await.until(
        "files are indexed",
        () ->
            ok(call(node, user, "GET", path, null)).at("/file_counts/completed").asInt() == files);
    assertThat(
            ok(call(node, user, "POST", path + "/search", "{\"query\":\"who sings\"}")).toString())
        .contains(word);
    return new Kept(store, ids);
  }

  private record Kept(String store, List<String> files) {}

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void aFileThatIsDeletedIsNowhere(Stores.Kind kind) throws Exception {
    Kept stays;
    List<String> gone = new ArrayList<>();
    try (Node node = node(kind)) {
      stays = keep(node, null, STAYS, 1);
      for (int i = 0; i < 3; i++) {
        String id = FilesLifeTest.upload(node, null, GONE + i + ".md", text(GONE, i)).text("/id");
        gone.add(id);
        String attributes = ",\"attributes\":{\"about\":\"" + GONE + "\"}}";
        String path = "/vector_stores/" + stays.store() + "/files";
        var _ = ok(node.post(path, "{\"file_id\":\"" + id + "\"" + attributes));
      }
      VectorStoreLifeTest.awaitIndexed(node, stays.store(), 4);
      assertThat(search(node, stays, GONE)).contains(GONE);
    }
    // Closed: all that it had is on the disk.
    try (Node node = new Node(STORES.again(kind, folder), new ScriptedEngine(Script.words("a")))) {
      assertThat(search(node, stays, GONE)).contains(GONE);
      assertThat(places(kind, GONE)).isNotEmpty();
      if (kind == Stores.Kind.SQLITE) {
        assertThat(places(kind, GONE)).anyMatch(place -> place.contains("index"));
      }
      for (String id : gone) {
        assertThat(call(node, null, "DELETE", "/files/" + id, null).status()).isEqualTo(200);
      }
      awaitNowhere(kind);
      assertThat(places(kind, STAYS)).isNotEmpty();
      assertThat(search(node, stays, STAYS)).contains(STAYS);
    }
  }

  private static String search(Node node, Kept kept, String words) {
    String path = "/vector_stores/" + kept.store() + "/search";
    return ok(node.post(path, "{\"query\":\"" + words + "\"}")).toString();
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void anEndUsersStoresAndFilesAreNowhere(Stores.Kind kind) throws Exception {
    try (Node node = node(kind)) {
      var _ = keep(node, "bob", STAYS, 1);
      Kept gone = keep(node, "ann", GONE, 2);
      assertThat(places(kind, GONE)).isNotEmpty();
      assertThat(call(node, "ann", "DELETE", "/vector_stores/" + gone.store(), null).status())
          .isEqualTo(200);
      for (String file : gone.files()) {
        assertThat(call(node, "ann", "DELETE", "/files/" + file, null).status()).isEqualTo(200);
      }
      awaitNowhere(kind);
      assertThat(places(kind, STAYS)).isNotEmpty();
    }
  }

  private void awaitNowhere(Stores.Kind kind) {
    Await.until("the word is nowhere", () -> places(kind, GONE).isEmpty());
  }

  /** Where a word is. */
  private List<String> places(Stores.Kind kind, String word) {
    try {
      List<String> places = new ArrayList<>(files(word));
      if (kind == Stores.Kind.POSTGRES) {
        places.addAll(rows(word));
      }
      return places;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Files of the data folder, by their bytes. */
  private List<String> files(String word) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> holds(file, word))
          .map(Path::toString)
          .toList();
    } catch (UncheckedIOException _) {
      // Files went while it looked: it has to look again.
      return List.of("files that change");
    }
  }

  private static boolean holds(Path file, String word) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .toLowerCase(Locale.ROOT)
          .contains(word);
    } catch (IOException _) {
      // Merged away in this moment.
      return Files.exists(file);
    }
  }

  /** Tables of the database, by every column of every row. */
  private static List<String> rows(String word) throws SQLException {
    List<String> places = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(STORES.address());
        Statement statement = connection.createStatement()) {
      List<String> columns = new ArrayList<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT table_name, column_name, data_type FROM information_schema.columns"
                  + " WHERE table_schema = current_schema()")) {
        while (row.next()) {
          String column = '"' + row.getString(2) + '"';
          String text =
              row.getString(3).equals("bytea") ? "encode(" + column + ", 'escape')" : column;
          columns.add(row.getString(1) + " WHERE lower(" + text + "::text) LIKE '%" + word + "%'");
        }
      }
      for (String column : columns) {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + column)) {
          if (row.next() && row.getInt(1) > 0) {
            places.add(column);
          }
        }
      }
    }
    return places;
  }
}
