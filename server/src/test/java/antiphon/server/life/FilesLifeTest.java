package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files on a whole server, on either store. */
class FilesLifeTest {

  private static final Stores STORES = new Stores();

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    STORES.close();
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void aFileIsUploadedListedReadAndDeleted(Stores.Kind kind) {
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(Script.words("a")))) {
      Node node = opened.node();
      String id = upload(node, null, "hello.md", "# Hello").text("/id");
      assertThat(node.get("/files/" + id).text("/sha256"))
          .isEqualTo("01c8de44e04d2f7a304f50963545a2aff58c33e9c44a1f33fdcb978fb224cb74");
      assertThat(node.get("/files/" + id + "/content").body()).isEqualTo("# Hello");
      assertThat(node.get("/files/" + id + "/content").header("content-type"))
          .isEqualTo("text/markdown; charset=utf-8");
      assertThat(node.call("DELETE", "/files/" + id, null).status()).isEqualTo(200);
      for (String path : List.of("/files/" + id, "/files/" + id + "/content")) {
        assertThat(node.get(path).status()).isEqualTo(404);
      }
      assertThat(node.call("DELETE", "/files/" + id, null).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void theSameBytesOfTwoOwnersAreEachTheirOwn(Stores.Kind kind) {
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(Script.words("a")))) {
      Node node = opened.node();
      String mine = upload(node, null, "a.txt", "shared").text("/id");
      String theirs = upload(node, "user", "b.txt", "shared").text("/id");

      assertThat(node.get("/files/" + theirs).status()).isEqualTo(404);
      assertThat(node.get("/files/" + theirs).body().replace(theirs, "ID"))
          .isEqualTo(node.get("/files/file_none").body().replace("file_none", "ID"));
      assertThat(node.call("DELETE", "/files/" + theirs, null).status()).isEqualTo(404);
      assertThat(node.call("DELETE", "/files/" + mine, null).status()).isEqualTo(200);
      HttpRequest read =
          node.request("/files/" + theirs + "/content").header("X-On-Behalf-Of", "user").build();
      assertThat(node.call(read).body()).isEqualTo("shared");
    }
  }

  /** Bytes that are shared must not go while somebody just puts them there again. */
  @ParameterizedTest
  @EnumSource(Stores.Kind.class)
  void uploadsAndDeletesOfTheSameBytesDoNotGetInEachOthersWay(Stores.Kind kind) throws Exception {
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(Script.words("a")));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Node node = opened.node();
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        workers.add(
            threads.submit(() -> {
              for (int n = 0; n < 25; n++) {
                String id = upload(node, null, "a.txt", "the same").text("/id");
                assertThat(node.get("/files/" + id + "/content").body()).isEqualTo("the same");
                assertThat(node.call("DELETE", "/files/" + id, null).status()).isEqualTo(200);
              }
            }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      assertThat(node.get("/files").json().get("data").isEmpty()).isTrue();
    }
  }

  @Test
  void filesAreThereAfterARestart() {
    String id;
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      id = upload(node, null, "a.txt", "kept").text("/id");
    }
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      assertThat(node.get("/files/" + id + "/content").body()).isEqualTo("kept");
    }
  }

  static Node.Answer upload(Node node, @Nullable String user, String name, String text) {
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\n\r\n"
            + text
            + "\r\n--b--\r\n";
    HttpRequest.Builder request =
        node.request("/files").header("Content-Type", "multipart/form-data; boundary=b");
    if (user != null) {
      request.header("X-On-Behalf-Of", user);
    }
    Node.Answer answer = node.call(request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }
}
