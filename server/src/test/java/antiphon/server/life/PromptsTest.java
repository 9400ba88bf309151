package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts that are kept, and responses that name them. */
@SuppressWarnings("NullAway.Init")
class PromptsTest {

  @TempDir Path folder;

  private final ScriptedEngine engine =
      new ScriptedEngine((turn, sink) -> {
        sink.accept(new Piece.Text("yes"));
        return ScriptedEngine.stop(turn, 1);
      });

  private Node node;

  @BeforeEach
  void start() {
    node = new Node(folder, engine);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Answer call(String method, String path, @Nullable String endUser, String json) {
    HttpRequest.Builder request =
        node.request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
    return node.call(
        (endUser == null ? request : request.header("X-On-Behalf-Of", endUser)).build());
  }

  private Answer call(String method, String path, String json) {
    return call(method, path, null, json);
  }

  /** A prompt's id. */
  private String made(String template) {
    Answer answer = call("POST", "/prompts", "{'name':'n','template':'" + template + "'}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.text("/id");
  }

  private Answer create(String prompt) {
    return call("POST", "/responses", "{'model':'auto','input':'x','prompt':" + prompt + "}");
  }

  private void refused(Answer answer, int status, String param) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.text("/error/param")).isEqualTo(param);
  }

  private String told() {
    return Json.text(Objects.requireNonNull(engine.turns().getLast().request().instructions()));
  }

  @Test
  void aPromptIsMadeChangedAndDeleted() {
    Answer made =
        call(
            "POST",
            "/prompts",
            "{'name':'greeting','template':'Hello"
                + " {{name}}','description':'d','metadata':{'a':[1]}}");
    String path = "/prompts/" + made.text("/id");
    assertThat(made.text("/object")).isEqualTo("prompt");
    assertThat(made.text("/version/template")).isEqualTo("Hello {{name}}");
    assertThat(Instant.parse(made.text("/created_at"))).isBefore(Instant.now().plusSeconds(60));
    assertThat(node.get("/prompts").text("/data/0/name")).isEqualTo("greeting");

    Answer next = call("POST", path + "/versions", "{'template':'Hi {{name}}'}");
    assertThat(next.status()).isEqualTo(201);
    assertThat(next.json().at("/version").asInt()).isEqualTo(2);
    assertThat(node.get(path).text("/active_template")).isEqualTo("Hi {{name}}");
    assertThat(node.get(path + "?version=1").text("/active_template")).isEqualTo("Hello {{name}}");
    assertThat(node.get(path + "?variables=%7B%22name%22:%22Ann%22%7D").text("/rendered_template"))
        .isEqualTo("Hi Ann");
    assertThat(node.get(path + "/versions?limit=1").text("/data/0/template"))
        .isEqualTo("Hi {{name}}");
    assertThat(node.get(path + "/versions/1").text("/prompt_id")).isEqualTo(made.text("/id"));

    Answer back = call("POST", path + "/rollback", "{'version':1}");
    assertThat(back.json().at("/active_version").asInt()).isEqualTo(1);
    assertThat(back.json().at("/latest_version").asInt()).isEqualTo(2);

    Answer changed = call("PUT", path, "{'name':'other','description':null}");
    assertThat(changed.text("/name")).isEqualTo("other");
    assertThat(changed.json().path("description").isMissingNode()).isTrue();
    assertThat(changed.json().at("/metadata/a/0").asInt()).isEqualTo(1);
    assertThat(call("PUT", path, "{'metadata':{}}").text("/name")).isEqualTo("other");

    assertThat(call("DELETE", path, "").text("/object")).isEqualTo("prompt.deleted");
    refused(node.get(path), 404, "id");
    refused(node.get(path + "/versions"), 404, "id");
    refused(call("DELETE", path, ""), 404, "id");
  }

  @Test
  void aResponseIsToldTheActiveVersionOrTheOneItNames() {
    String id = made("Be {{how}}, {{ how }}! {{ {not one}}");
    assertThat(create("{'id':'" + id + "','variables':{'how':'{{how}}'}}").text("/status"))
        .isEqualTo("completed");
    assertThat(told()).isEqualTo("\"Be {{how}}, {{how}}! {{ {not one}}\"");

    call("POST", "/prompts/" + id + "/versions", "{'template':'Second'}");
    Answer second = create("{'id':'" + id + "'}");
    assertThat(told()).isEqualTo("\"Second\"");
    assertThat(second.text("/prompt/id")).isEqualTo(id);
    assertThat(second.text("/prompt/version")).isEqualTo("2");
    create("{'id':'" + id + "','version':'1','variables':{'how':7}}");
    assertThat(told()).contains("Be 7, 7!");
    Answer alone =
        call(
            "POST",
            "/responses",
            "{'model':'auto','instructions':'And this.','prompt':{'id':'" + id + "'}}");
    assertThat(alone.status()).as(alone.body()).isEqualTo(200);
    assertThat(told()).contains("Second\\n\\nAnd this.");
  }

  @Test
  void aPictureInAPromptIsAPartOfAMessage() {
    String id = made("Look at {{picture}} closely");
    Answer answer =
        create(
            "{'id':'"
                + id
                + "','variables':{'picture':{'type':'input_image','image_url':'data:image/png;base64,AA=='}}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(told()).contains("\"user\"", "Look at ", "input_image", " closely");
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    String id = made("Be {{how}}");
    refused(create("{'id':'pmpt_none'}"), 400, "prompt.id");
    refused(create("{}"), 400, "prompt.id");
    refused(create("'text'"), 400, "prompt");
    refused(create("{'id':'" + id + "'}"), 400, "prompt.variables.how");
    refused(
        create("{'id':'" + id + "','variables':{'how':'x','who':'y'}}"),
        400,
        "prompt.variables.who");
    refused(create("{'id':'" + id + "','variables':{'how':[1]}}"), 400, "prompt.variables.how");
    refused(
        create("{'id':'" + id + "','variables':{'how':{'type':'output_text','text':'x'}}}"),
        400,
        "prompt.variables.how");
    refused(
        create("{'id':'" + id + "','version':'3','variables':{'how':'x'}}"), 400, "prompt.version");
    refused(create("{'id':'" + id + "','version':'x'}"), 400, "prompt.version");
    refused(call("POST", "/prompts", "{'name':'n'}"), 400, "template");
    refused(call("POST", "/prompts", "{'name':'','template':'x'}"), 400, "name");
    refused(call("POST", "/prompts/" + id + "/rollback", "{'version':2}"), 404, "version");
    refused(node.get("/prompts/" + id + "/versions/0"), 400, "version");
    refused(node.get("/prompts/" + id + "?version=9"), 404, "version");
    refused(node.get("/prompts/" + id + "?variables=1"), 400, "variables");
    refused(node.get("/prompts/" + id + "?variables=%7B%7D"), 400, "variables.how");
    assertThat(engine.turns()).isEmpty();
  }

  @Test
  void aSmallTemplateCannotBecomeAHugePrompt() {
    String id = made("{{a}}".repeat(2000));
    refused(
        create("{'id':'" + id + "','variables':{'a':'" + "x".repeat(100_000) + "'}}"),
        400,
        "prompt.variables");
  }

  @Test
  void endUsersUseTheTenantsPromptsAndDoNotSeeOrChangeThem() {
    String id = made("Ours");
    String use = "{'model':'auto','input':'x','prompt':{'id':'" + id + "'}}";
    assertThat(call("POST", "/responses", "ann", use).status()).isEqualTo(200);
    assertThat(told()).isEqualTo("\"Ours\"");
    assertThat(call("GET", "/prompts/" + id, "ann", "").status()).isEqualTo(404);
    assertThat(call("DELETE", "/prompts/" + id, "ann", "").status()).isEqualTo(404);
    Answer hers = call("POST", "/prompts", "ann", "{'name':'n','template':'Hers'}");
    String her = "{'model':'auto','input':'x','prompt':{'id':'" + hers.text("/id") + "'}}";
    assertThat(call("POST", "/responses", "ann", her).status()).isEqualTo(200);
    refused(call("POST", "/responses", "bob", her), 400, "prompt.id");
    refused(call("POST", "/responses", her), 400, "prompt.id");
  }
}
