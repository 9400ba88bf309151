package antiphon.http;

import static antiphon.http.ScriptedReader.event;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.StoreException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that end before their response does. */
class StreamEndsTest {

  private static final String STREAM = "{\"model\":\"small\",\"input\":\"hi\",\"stream\":true}";
  private static final String FAREWELL = ": the server is stopping; go on with starting_after\n";

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The client reads nothing until the server has been told to stop, in the middle of a line. */
  @Test
  void the_farewell_stands_between_two_events() throws Exception {
    int size = 3_000_000;
    server.api.reading.get().give(event("large", 0, size)).give(event("never", 1, 0));
    try (RawClient client = new RawClient(server.port, 8 * 1024)) {
      client.send(RawClient.head("GET /v1/responses/resp_1?stream=true"));
      assertThat(client.answerHead().status()).isEqualTo(200);
      StringBuilder body = new StringBuilder(client.chunk());
      server.server.endStreams();
      for (String chunk = client.chunk(); !chunk.isEmpty(); chunk = client.chunk()) {
        body.append(chunk);
      }
      List<String> lines = body.toString().lines().toList();
      assertThat(lines.get(0)).isEqualTo("event: large");
      assertThat(lines.get(1)).startsWith("data: {").endsWith("\"}").hasSizeGreaterThan(size);
      assertThat(lines.get(2)).isEmpty();
      assertThat(lines.get(3) + "\n").isEqualTo(FAREWELL);
      assertThat(body.toString()).doesNotContain("never");
    }
  }

  @Test
  void a_silent_stream_is_told_at_once() throws Exception {
    server.api.reading.get().give(event("a", 0, 0));
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/responses/resp_1?stream=true"));
      assertThat(client.answerHead().status()).isEqualTo(200);
      assertThat(client.chunk()).contains("event: a");
      server.server.endStreams();
      assertThat(client.chunk()).startsWith(FAREWELL);
      assertThat(client.chunk()).isEmpty();
    }
  }

  /** Its number is that of the event before: from there the client can go on. */
  @Test
  void a_store_that_fails_in_mid_stream_is_an_event() throws Exception {
    server
        .api
        .reading
        .get()
        .give(event("a", 8, 0))
        .fail(new StoreException("password=secret: disk full"));
    HttpResponse<String> answer = server.get("/v1/responses/resp_1?stream=true&starting_after=7");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("event: a\n")
        .contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":8,")
        .contains("\"code\":\"store_unavailable\"")
        .doesNotContain("disk full")
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void a_store_that_fails_before_the_first_event_is_a_503() throws Exception {
    server.api.reading.get().fail(new StoreException("gone"));
    HttpResponse<String> answer = server.get("/v1/responses/resp_1?stream=true");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void a_foreground_stream_whose_store_fails_is_told_and_cancelled() throws Exception {
    ScriptedRun run = new ScriptedRun();
    run.reader.give(event("a", 0, 0)).fail(new StoreException("gone"));
    server.api.runs(run);
    HttpResponse<String> answer = server.post("/v1/responses", STREAM);
    assertThat(answer.body()).contains("event: a\n").contains("store_unavailable");
    assertThat(run.gone).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void a_revoked_key_ends_its_streams_with_an_event() throws Exception {
    ScriptedRun run = new ScriptedRun();
    run.reader.give(event("a", 0, 0));
    server.api.runs(run);
    try (RawClient client = server.raw();
        RawClient resumed = server.raw()) {
      client.send(
          RawClient.head(
                  "POST /v1/responses",
                  "Content-Type: application/json",
                  "Content-Length: " + STREAM.length())
              + STREAM);
      resumed.send(RawClient.head("GET /v1/responses/resp_1?stream=true&starting_after=4"));
      assertThat(client.answerHead().status()).isEqualTo(200);
      assertThat(client.chunk()).contains("event: a");
      assertThat(resumed.answerHead().status()).isEqualTo(200);
      assertThat(resumed.chunk()).startsWith(":");
      server.keys.revoked();
      assertThat(client.chunk())
          .contains("event: error\n", "\"code\":\"invalid_api_key\"", "\"sequence_number\":0,");
      assertThat(resumed.chunk()).contains("event: error\n", "\"sequence_number\":4,");
    }
    assertThat(run.gone).succeedsWithin(Duration.ofSeconds(5));
  }
}
