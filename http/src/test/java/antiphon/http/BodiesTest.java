package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies: their kind, their size, their pace. */
class BodiesTest {

  private static final int LIMIT = 200_000;
  private static final String CREATE = "{\"model\":\"small\",\"input\":\"hi\"}";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.with(TestServer.Limits.PATIENT.maxBody(LIMIT).body(600));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    server.api.asked.clear();
  }

  /** A create whose body has this many bytes. */
  private static String create(int length) {
    String shell = "{\"model\":\"small\",\"input\":\"\"}";
    return shell.replace("\"\"}", "\"" + "x".repeat(length - shell.length()) + "\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
        "application/json ; boundary=x"
      })
  void json_is_taken(String contentType) throws Exception {
    HttpResponse<String> answer =
        server.send(
            server
                .to("/v1/responses")
                .header("content-type", contentType)
                .POST(BodyPublishers.ofString(CREATE)));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "content-type, text/plain",
    "content-type, application/json; charset=latin1",
    "content-type, application/jsonx",
    "content-type, ;",
    "content-type, multipart/form-data; boundary=x",
    "content-encoding, br",
    "content-encoding, deflate",
    "content-encoding, 'gzip, zstd'",
  })
  void anything_else_is_415(String header, String value) throws Exception {
    var request = server.to("/v1/responses").POST(BodyPublishers.ofString(CREATE));
    if (!header.equals("content-type")) {
      request.header("content-type", "application/json");
    }
    HttpResponse<String> answer = server.send(request.header(header, value));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).contains("\"code\":\"unsupported_media_type\"");
    assertThat(server.api.asked).isEmpty();
  }

  @Test
  void a_body_of_unsaid_kind_is_415_and_none_is_400() throws Exception {
    assertThat(
            server
                .send(server.to("/v1/responses").POST(BodyPublishers.ofString(CREATE)))
                .statusCode())
        .isEqualTo(415);
    HttpResponse<String> empty = server.post("/v1/responses", "");
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(empty.body()).contains("empty");
  }

  @Test
  void a_cancel_takes_any_body_or_none() throws Exception {
    assertThat(server.method("POST", "/v1/responses/resp_1/cancel").statusCode()).isEqualTo(200);
    HttpResponse<String> answer =
        server.send(
            server.to("/v1/responses/resp_1/cancel").POST(BodyPublishers.ofString("no json")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(server.api.asked).containsExactly("cancel resp_1", "cancel resp_1");
  }

  @Test
  void bad_json_has_line_and_column_and_a_bad_field_its_name() throws Exception {
    HttpResponse<String> syntax = server.post("/v1/responses", "{\n  \"model\": oops}");
    assertThat(syntax.statusCode()).isEqualTo(400);
    assertThat(syntax.body()).contains("line 2", "column", "\"code\":\"invalid_json\"");
    HttpResponse<String> field = server.post("/v1/responses", "{\"model\":7}");
    assertThat(field.statusCode()).isEqualTo(400);
    assertThat(field.body()).contains("\"param\":\"model\"");
    assertThat(server.post("/v1/responses", "[]").statusCode()).isEqualTo(400);
    assertThat(server.post("/v1/responses", "null").statusCode()).isEqualTo(400);
    assertThat(server.post("/v1/responses", "[".repeat(100_000)).statusCode()).isEqualTo(400);
  }

  @Test
  void the_longest_body_is_taken_in_one_piece_or_in_chunks() throws Exception {
    assertThat(server.post("/v1/responses", create(LIMIT)).statusCode()).isEqualTo(200);
    byte[] body = create(LIMIT).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    HttpResponse<String> chunked =
        server.send(
            server
                .to("/v1/responses")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))));
    assertThat(chunked.statusCode()).isEqualTo(200);
  }

  @Test
  void a_longer_one_is_413_before_it_is_sent() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(post("Content-Length: " + (LIMIT + 1)));
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).contains(String.valueOf(LIMIT), "\"code\":\"body_too_large\"");
    }
  }

  @Test
  void a_longer_one_in_chunks_is_413_while_the_client_still_sends() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(post("Transfer-Encoding: chunked"));
      String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
      for (int sent = 0; sent <= LIMIT; sent += 0x8000) {
        client.send(chunk);
      }
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      client.send("0\r\n\r\n");
      assertThat(client.drain()).isZero();
    }
  }

  @Test
  void nobody_without_a_key_gets_megabytes_read() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(
          "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
              + "Content-Length: 190000\r\n\r\n{");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("connection")).isEqualTo("close");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 1000", "Content-Length: 100000", "Transfer-Encoding: chunked"})
  void a_body_that_stops_is_408_and_the_connection_closes(String framing) throws Exception {
    try (RawClient client = server.raw()) {
      long begin = System.nanoTime();
      client.send(post(framing)).send("5\r\n{\"mo");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("\"code\":\"request_timeout\"");
      assertThat(client.drain()).isZero();
      assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(500L, 5_000L);
    }
    assertThat(server.api.asked).isEmpty();
  }

  @Test
  void a_body_that_drips_is_408_too() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(post("Content-Length: 1000"));
      Thread drip =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 1000; i++) {
                    client.send(" ");
                    Thread.sleep(20);
                  }
                } catch (java.io.IOException | InterruptedException _) {
                  // The server has closed.
                }
              });
      assertThat(client.answer().status()).isEqualTo(408);
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  void a_client_that_asks_first_is_told_to_go_on() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(post("Content-Length: " + CREATE.length(), "Expect: 100-continue"));
      assertThat(client.answer(false).status()).isEqualTo(100);
      client.send(CREATE);
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_client_that_asks_first_is_told_no_when_it_is_too_much() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(post("Content-Length: 999999999", "Expect: 100-continue"));
      assertThat(client.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void the_connection_is_kept_after_errors() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(post("Content-Length: 3")).send("{,}");
      assertThat(client.answer().status()).isEqualTo(400);
      client.send(RawClient.head("GET /v1/nowhere"));
      assertThat(client.answer().status()).isEqualTo(404);
      client.send(RawClient.head("PUT /v1/responses", "Content-Length: 4")).send("body");
      assertThat(client.answer().status()).isEqualTo(405);
      client.send(post("Content-Length: " + CREATE.length())).send(CREATE);
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_get_may_have_a_body_that_nobody_reads() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/models", "Content-Length: 4")).send("body");
      assertThat(client.answer().status()).isEqualTo(200);
      client.send(RawClient.head("GET /v1/models", "Content-Length: 150000"));
      RawClient.Answer unread = client.answer();
      assertThat(unread.status()).isEqualTo(200);
      assertThat(unread.header("connection")).isEqualTo("close");
    }
  }

  private static String post(String... headers) {
    String[] all = new String[headers.length + 1];
    all[0] = "Content-Type: application/json";
    System.arraycopy(headers, 0, all, 1, headers.length);
    return RawClient.head("POST /v1/responses", all);
  }
}
