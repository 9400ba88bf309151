package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** docs/peers.md: what other servers get wrong between their clients and their store. */
@Timeout(120)
class PeersRequestsTest {

  @TempDir Path folder;

  /** Its words are in no id: those have no capitals. */
  private final ScriptedEngine engine = new ScriptedEngine(Script.words("A", "B"));

  private Node node;

  @BeforeEach
  void start() {
    node = new Node(folder, engine);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backgroundIsAnsweredBeforeTheEngineSaysAnything(boolean stream) {
    Gate gate = new Gate(2);
    engine.script(gate.script());
    String id;
    if (stream) {
      id = createdInAStream();
    } else {
      Answer made = node.post("/responses", request(",\"background\":true"));
      assertThat(made.text("/status")).isIn("queued", "in_progress");
      assertThat(made.json().at("/background").asBoolean()).isTrue();
      id = made.text("/id");
    }
    gate.pass(2);
    Await.until(
        "completed", () -> node.get("/responses/" + id).text("/status").equals("completed"));
    assertThat(node.events("/responses/" + id + "?stream=true&starting_after=2"))
        .isEqualTo(node.events("/responses/" + id + "?stream=true").stream().skip(3).toList());
  }

  /** The first event of a stream, read while the engine still waits; then the reader leaves. */
  private String createdInAStream() {
    HttpRequest request =
        node.request("/responses")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    request(",\"background\":true,\"stream\":true")))
            .build();
    try (var lines =
        node.client().sendAsync(request, HttpResponse.BodyHandlers.ofLines()).join().body()) {
      JsonNode created =
          Node.json(
              lines
                  .filter(line -> line.startsWith("data: "))
                  .findFirst()
                  .orElseThrow()
                  .substring(6));
      assertThat(created.at("/type").asString()).isEqualTo("response.created");
      assertThat(created.at("/response/background").asBoolean()).isTrue();
      return created.at("/response/id").asString();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNotToBeStoredIsNowhere(boolean stream) throws SQLException {
    Answer made = node.post("/responses", request(",\"store\":false,\"stream\":" + stream));
    assertThat(made.status()).isEqualTo(200);
    String id =
        stream
            ? PeersUpstreamTest.events(made.body()).getFirst().at("/response/id").asString()
            : made.text("/id");
    assertThat(id).startsWith("resp_");
    String path = "/responses/" + id;
    for (String read : List.of(path, path + "/input_items", path + "?stream=true")) {
      assertThat(node.get(read).status()).as(read).isEqualTo(404);
    }
    assertThat(node.call("DELETE", path, null).status()).isEqualTo(404);
    assertThat(node.get("/responses").json().at("/data").size()).isZero();
    assertThat(number("SELECT count(*) FROM responses")).isZero();
    assertThat(number("SELECT count(*) FROM events")).isZero();
  }

  @Test
  void anUnknownPreviousResponseIsRefused() {
    Answer refused = node.post("/responses", request(",\"previous_response_id\":\"resp_unknown\""));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/error/param")).isEqualTo("previous_response_id");
    assertThat(engine.turns()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,",
    "GET, ?stream=true",
    "GET, /input_items",
    "POST,",
    "POST, /cancel",
    "DELETE,"
  })
  void anotherTenantsKeyAndNoKey(String method, String more) {
    String id = node.post("/responses", request("")).text("/id");
    String path = "/responses/" + id + (more == null ? "" : more);
    HttpRequest.BodyPublisher body =
        method.equals("POST")
            ? HttpRequest.BodyPublishers.ofString("{\"metadata\":{}}")
            : HttpRequest.BodyPublishers.noBody();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.uri(path))
            .header("Content-Type", "application/json")
            .method(method, body);
    assertThat(node.call(request.copy().build()).status()).as("no key").isEqualTo(401);
    Answer foreign =
        node.call(request.header("Authorization", "Bearer " + node.otherKey()).build());
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.body()).doesNotContain("AB");
    assertThat(node.get("/responses/" + id).text("/output_text")).isEqualTo("AB");
  }

  @Test
  void anotherTenantsResponseIsNoPreviousOne() {
    String id = node.post("/responses", request("")).text("/id");
    Answer foreign =
        node.call(
            HttpRequest.newBuilder(node.uri("/responses"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + node.otherKey())
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        request(",\"previous_response_id\":\"" + id + "\"")))
                .build());
    assertThat(foreign.status()).isEqualTo(400);
    assertThat(engine.turns()).hasSize(1);
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    String pairs =
        String.join(",", IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\":\"v\"").toList());
    refused("temperature", ",\"temperature\":5");
    refused("metadata", ",\"metadata\":{" + pairs + "}");
    String id = node.post("/responses", request("")).text("/id");
    Answer update = node.post("/responses/" + id, "{\"metadata\":{" + pairs + "}}");
    assertThat(update.status()).isEqualTo(400);
    assertThat(node.call("DELETE", "/responses/resp_unknown", null).status()).isEqualTo(404);
  }

  /** Not served yet: refused by name, never dropped in silence. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tools[0] | ,'tools':[{'type':'mcp','server_label':'s','server_url':'http://127.0.0.1/',"
            + "'require_approval':'always'}]",
        "tools[0] | ,'max_tool_calls':2,'tools':[{'type':'mcp','server_label':'s',"
            + "'server_url':'http://127.0.0.1/','require_approval':'never'}]",
        "tool_choice | ,'tool_choice':{'type':'mcp','server_label':'s'}",
        "webhook_url | ,'background':true,'webhook_url':'http://127.0.0.1/'"
      })
  void whatIsNotServedIsRefusedByName(String param, String more) {
    refused(param, more.replace('\'', '"'));
  }

  @Test
  void anApprovalOfNothingIsRefused() {
    Answer answer =
        node.post(
            "/responses",
            "{\"model\":\"auto\",\"input\":[{\"type\":\"mcp_approval_response\","
                + "\"approval_request_id\":\"mcpr_1\",\"approve\":true}]}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo("input[0].approval_request_id");
    assertThat(answer.text("/error/message")).contains("mcpr_1");
    assertThat(engine.turns()).isEmpty();
  }

  private void refused(String param, String more) {
    Answer answer = node.post("/responses", request(more));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo(param);
    assertThat(answer.text("/error/message")).isNotEmpty();
    assertThat(engine.turns()).isEmpty();
  }

  @Test
  void aStreamHasEveryEventUnderItsNameWithItsNumber() {
    List<JsonNode> events =
        PeersUpstreamTest.events(node.post("/responses", request(",\"stream\":true")).body());
    assertThat(events.stream().map(event -> event.at("/type").asString()))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
    assertThat(events.get(6).at("/text").asString()).isEqualTo("AB");
  }

  /** Fifty turns keep fifty inputs: what a turn writes does not grow with what came before it. */
  @Test
  void aLongChainCopiesNothing() throws SQLException {
    String previous = "";
    for (int i = 0; i < 50; i++) {
      String link = previous.isEmpty() ? "" : ",\"previous_response_id\":\"" + previous + "\"";
      previous = node.post("/responses", request(link)).text("/id");
    }
    assertThat(engine.turns().getLast().items()).hasSize(50 + 49);
    String size =
        "SELECT length(request) + length(input) + length(snapshot) + (SELECT"
            + " coalesce(sum(length(events)), 0) FROM events e WHERE e.row_id = b.row_id)"
            + " FROM bodies b ORDER BY row_id ";
    // Line feeds differ with how appends were grouped; one item more would be far larger.
    assertThat(number(size + "DESC LIMIT 1"))
        .isCloseTo(number(size + "LIMIT 1 OFFSET 1"), within(32L));
    assertThat(number("SELECT count(*) FROM responses")).isEqualTo(50);
  }

  private long number(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("antiphon.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }

  private static String request(String more) {
    return "{\"model\":\"auto\",\"input\":\"x\"" + more + "}";
  }
}
