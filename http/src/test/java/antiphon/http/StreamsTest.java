package antiphon.http;

import static antiphon.http.ScriptedReader.event;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.api.Created;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class StreamsTest {

  private static final String STREAM = "{\"model\":\"small\",\"input\":\"hi\",\"stream\":true}";
  private static final String BLOCKS =
      "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,"
          + "\"pad\":\"\"}\n\nevent: response.completed\n"
          + "data: {\"type\":\"response.completed\",\"sequence_number\":1,\"pad\":\"\"}\n\n";

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.with(TestServer.Limits.PATIENT.heartbeat(150));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ScriptedReader twoEvents(ScriptedReader reader) {
    return reader
        .give(event("response.created", 0, 0))
        .give(event("response.completed", 1, 0))
        .end();
  }

  @ParameterizedTest
  @CsvSource({"/v1, true", "/api/v1/llm, false"})
  void a_created_stream_ends_as_its_mount_says(String mount, boolean sentinel) throws Exception {
    ScriptedRun run = new ScriptedRun();
    twoEvents(run.reader);
    server.api.runs(run);
    HttpResponse<String> answer = server.post(mount + "/responses", STREAM);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
    assertThat(answer.headers().firstValue("x-accel-buffering")).contains("no");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(answer.body()).isEqualTo(BLOCKS + (sentinel ? "data: [DONE]\n\n" : ""));
    assertThat(run.reader.closed.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(run.gone).isNotDone();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "100", "300", "20000"})
  void pieces_are_padded_for_who_asks(int length) throws Exception {
    for (boolean asked : new boolean[] {false, true}) {
      ScriptedReader reader = new ScriptedReader();
      reader
          .give(event("response.created", 0, 0), event("response.output_text.delta", 1, length))
          .give(event("response.completed", 2, 0))
          .end();
      server.api.reading.set(reader);
      String body =
          server.get("/v1/responses/resp_1?stream=true&include_obfuscation=" + asked).body();
      String[] blocks = body.split("\n\n", -1);
      assertThat(blocks).hasSize(5);
      assertThat(blocks[0] + blocks[2] + blocks[3]).doesNotContain("obfuscation");
      String data = blocks[1].substring(blocks[1].indexOf("data: ") + 6);
      JsonNode piece = Json.tree(data.getBytes(StandardCharsets.UTF_8));
      assertThat(piece.path("pad").asString()).hasSize(length);
      if (asked) {
        assertThat(data.length() % 256).isZero();
        assertThat(piece.path("obfuscation").asString()).isNotEmpty();
      } else {
        assertThat(piece.has("obfuscation")).isFalse();
      }
    }
  }

  @Test
  void a_create_asks_for_padding_too() throws Exception {
    ScriptedRun run = new ScriptedRun();
    run.reader.give(event("response.output_text.delta", 0, 0)).end();
    server.api.runs(run);
    String asking = STREAM.replace("}", ",\"stream_options\":{\"include_obfuscation\":true}}");
    assertThat(server.post("/v1/responses", asking).body()).contains("\"obfuscation\":");
  }

  @Test
  void a_background_stream_is_the_same() throws Exception {
    ScriptedReader reader = twoEvents(new ScriptedReader());
    server.api.creating.set(
        (_, _) -> new Created.Queued(ScriptedApi.bytes(ScriptedApi.SNAPSHOT), reader));
    assertThat(server.post("/api/v1/llm/responses", STREAM).body()).isEqualTo(BLOCKS);
    assertThat(server.post("/v1/responses", "{\"model\":\"small\"}").body())
        .isEqualTo(ScriptedApi.SNAPSHOT);
    assertThat(reader.closed.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void the_flag_decides_and_not_what_the_client_accepts() throws Exception {
    twoEvents(server.api.reading.get());
    HttpResponse<String> answer =
        server.send(
            server
                .to("/api/v1/llm/responses/resp_1?stream=true&starting_after=7")
                .header("accept", "application/json;q=1, text/event-stream;q=0"));
    assertThat(answer.body()).isEqualTo(BLOCKS);
    assertThat(server.api.asked).containsExactly("events resp_1 after 7");
    HttpResponse<String> snapshot =
        server.send(server.to("/v1/responses/resp_1").header("accept", "text/event-stream"));
    assertThat(snapshot.body()).isEqualTo(ScriptedApi.SNAPSHOT);
  }

  @Test
  void the_head_comes_at_once_and_silence_is_filled() throws Exception {
    var _ = server.post("/v1/responses", STREAM.replace("true", "false"));
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head(
                  "POST /v1/responses",
                  "Content-Type: application/json",
                  "Content-Length: " + STREAM.length())
              + STREAM);
      long begin = System.nanoTime();
      assertThat(client.answerHead().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo(": keep-alive\n\n");
      assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(1_000);
      for (int i = 0; i < 3; i++) {
        begin = System.nanoTime();
        assertThat(client.chunk()).isEqualTo(": keep-alive\n\n");
        assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(1_000);
      }
      run.reader.give(event("a", 0, 0), event("b", 1, 0));
      String chunk = client.chunk();
      while (chunk.startsWith(":")) {
        chunk = client.chunk();
      }
      assertThat(chunk).as("several events in one write").contains("event: a\n", "event: b\n");
      run.reader.end();
      assertThat(client.chunk()).contains("[DONE]");
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void a_refusal_before_the_first_event_is_an_ordinary_error() throws Exception {
    server.api.failure.set(new Rejected(new Problem.NotFound("gone", "response_id")));
    HttpResponse<String> answer = server.get("/v1/responses/resp_1?stream=true");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
  }

  @Test
  void a_failure_in_mid_stream_breaks_the_connection_off() throws Exception {
    ScriptedRun run = new ScriptedRun();
    run.reader.give(event("response.created", 0, 0)).fail(new IllegalStateException("boom"));
    server.api.runs(run);
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head(
                  "POST /v1/responses",
                  "Content-Type: application/json",
                  "Content-Length: " + STREAM.length())
              + STREAM);
      assertThat(client.answerHead().status()).isEqualTo(200);
      assertThat(client.chunk()).contains("response.created");
      assertThat(client.drain()).as("no proper end").isZero();
    }
    assertThat(run.gone).as("nobody reads on: cancelled").succeedsWithin(5, TimeUnit.SECONDS);
  }

  @Test
  void a_client_of_http_1_0_gets_events_until_the_connection_closes() throws Exception {
    twoEvents(server.api.reading.get());
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head("GET /api/v1/llm/responses/resp_1?stream=true", "Connection: keep-alive")
              .replace("HTTP/1.1", "HTTP/1.0"));
      RawClient.Answer head = client.answerHead();
      assertThat(head.header("connection")).isEqualTo("close");
      assertThat(head.headers()).doesNotContainKey("transfer-encoding");
      assertThat(client.drain()).isEqualTo(BLOCKS.length());
    }
  }

  @Test
  void large_events_arrive_whole() throws Exception {
    twoEvents(server.api.reading.get().give(event("big", 0, 3_000_000)));
    String body = server.get("/v1/responses/resp_1?stream=true").body();
    assertThat(body).hasSizeGreaterThan(3_000_000).endsWith("data: [DONE]\n\n");
  }

  @Test
  void large_snapshots_arrive_whole() throws Exception {
    server.api.snapshot.set(ScriptedApi.bytes("\"" + "y".repeat(5_000_000) + "\""));
    HttpResponse<String> answer = server.get("/v1/responses/resp_1");
    assertThat(answer.body()).hasSize(5_000_002);
    assertThat(answer.headers().firstValue("content-length")).contains("5000002");
  }

  @ParameterizedTest
  @CsvSource({
    "stream=yes, stream",
    "starting_after=x, starting_after",
    "starting_after=-2, starting_after",
    "starting_after=1&starting_after=2, starting_after",
    "include=everything, include",
    "include_obfuscation=1, include_obfuscation",
  })
  void bad_parameters_are_400_by_name(String query, String param) throws Exception {
    HttpResponse<String> answer = server.get("/v1/responses/resp_1?" + query);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"param\":\"" + param + "\"");
    assertThat(server.api.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"limit=0, limit", "limit=101, limit", "limit=ten, limit", "order=up, order"})
  void bad_pages_are_400_by_name(String query, String param) throws Exception {
    for (String path : new String[] {"/v1/responses?", "/v1/responses/resp_1/input_items?"}) {
      HttpResponse<String> answer = server.get(path + query);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("\"param\":\"" + param + "\"");
    }
  }

  @Test
  void includes_come_in_both_spellings() throws Exception {
    assertThat(
            server
                .get(
                    "/v1/responses/resp_1?include%5B%5D=reasoning.encrypted_content"
                        + "&include=file_search_call.results&include_obfuscation=true&other=x")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"/v1/responses/resp_a_b", "/v1/responses/abc", "/v1/responses/resp_a%0A"})
  void a_bad_id_is_400(String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"param\":\"response_id\"");
  }
}
