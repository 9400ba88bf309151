package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Containers: their own paths, and who uses them when. */
class ContainersLifeTest extends SandboxFixture {

  @Test
  void theContainerOfTheResponseBeforeIsGoneOnWith() {
    engine.script(python("kept = 'yes'\nopen('a.txt', 'w').write('abc')"));
    Answer first = node.post("/responses", request(INTERPRETER, ""));
    engine.script((turn, sink) -> {
      List<String> told = Script.outputs(turn);
      if (told.size() == 2) {
        sink.accept(new Piece.Text(told.getLast()));
        return ScriptedEngine.stop(turn, 1);
      }
      var kind = Piece.ToolCall.Kind.FUNCTION;
      sink.accept(new Piece.ToolCall(0, "call_b", "python", kind));
      sink.accept(new Piece.ToolCallDelta(0, "{\"code\":\"kept + open('a.txt').read()\"}"));
      return ScriptedEngine.stop(turn, 2);
    });
    Answer second =
        node.post(
            "/responses",
            request(INTERPRETER, ",\"previous_response_id\":\"" + first.text("/id") + "\""));

    assertThat(second.text("/output_text")).isEqualTo("'yesabc'");
    assertThat(second.text("/output/0/container_id"))
        .isEqualTo(first.text("/output/0/container_id"));
    String files = "/containers/" + first.text("/output/0/container_id") + "/files";
    Answer listed = node.get(files);
    assertThat(listed.text("/data/0/path")).isEqualTo("/mnt/data/a.txt");
    assertThat(listed.text("/data/0/source")).isEqualTo("assistant");
    assertThat(node.get(files + "/" + listed.text("/data/0/id") + "/content").body())
        .isEqualTo("abc");
  }

  @Test
  void aContainerByIdIsUsedWithItsFiles() throws Exception {
    Answer made = node.post("/containers", "{\"name\":\"mine\",\"memory_limit\":\"512m\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    String id = made.text("/id");
    assertThat(made.text("/status")).isEqualTo("running");
    Answer file = upload(id, "in.csv", "a,b\n1,2\n");
    assertThat(file.status()).as(file.body()).isEqualTo(200);
    assertThat(file.text("/source")).isEqualTo("user");
    String tool = "\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"" + id + "\"}]";

    engine.script(python("open('in.csv').read()"));
    Answer done = node.post("/responses", request(tool, ""));
    assertThat(done.text("/output_text")).isEqualTo("'a,b\\n1,2\\n'");
    assertThat(done.text("/output/0/container_id")).isEqualTo(id);

    String path = "/containers/" + id + "/files/" + file.text("/id");
    assertThat(node.get(path).text("/bytes")).isEqualTo("8");
    assertThat(node.call("DELETE", path, null).status()).isEqualTo(200);
    assertThat(node.get(path).status()).isEqualTo(404);
    assertThat(node.get("/containers").text("/data/0/id")).isEqualTo(id);
    assertThat(node.call("DELETE", "/containers/" + id, null).text("/object"))
        .isEqualTo("container.deleted");
    assertThat(node.get("/containers/" + id).status()).isEqualTo(404);
    Answer late = node.post("/responses", request(tool, ""));
    assertThat(late.status()).isEqualTo(400);
    assertThat(late.text("/error/param")).isEqualTo("tools[0].container");
  }

  private Answer upload(String container, String name, String text) throws Exception {
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            + text
            + "\r\n--b--\r\n";
    return node.call(
        node.request("/containers/" + container + "/files")
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void whatIsSomebodyElsesIsNotFound() {
    String id = node.post("/containers", "{\"name\":\"mine\"}").text("/id");
    var other =
        node.call(
            node.request("/containers/" + id)
                .setHeader("X-On-Behalf-Of", "somebody")
                .GET()
                .build());
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.body())
        .isEqualTo(node.get("/containers/" + id + "x").body().replace(id + "x", id));
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    Map.of(
            "{\"type\":\"auto\",\"memory_limit\":\"64g\"}", "tools[0].container.memory_limit",
            "{\"type\":\"car\"}", "tools[0].container.type",
            "7", "tools[0].container",
            "{\"type\":\"auto\",\"file_ids\":[7]}", "tools[0].container.file_ids",
            "\"cntr_unknown\"", "tools[0].container")
        .forEach((container, param) -> {
          String tool =
              "\"tools\":[{\"type\":\"code_interpreter\",\"container\":" + container + "}]";
          Answer refused = node.post("/responses", request(tool, ""));
          assertThat(refused.status()).as(container + refused.body()).isEqualTo(400);
          assertThat(refused.text("/error/param")).isEqualTo(param);
        });
    for (String body :
        List.of(
            "{}",
            "{\"name\":\"\"}",
            "{\"name\":\"a\",\"memory_limit\":\"3g\"}",
            "{\"name\":\"a\",\"expires_after\":{\"anchor\":\"created_at\",\"minutes\":1}}",
            "{\"name\":\"a\",\"expires_after\":{\"anchor\":\"last_active_at\",\"minutes\":0}}",
            "{\"name\":\"a\",\"file_ids\":[\"file_none\"]}",
            "{\"name\":\"a\",\"network_policy\":{\"type\":\"allowlist\"}}")) {
      assertThat(node.post("/containers", body).status()).as(body).isEqualTo(400);
    }
  }
}
