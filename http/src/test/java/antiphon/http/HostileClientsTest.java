package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send no HTTP, or not enough of it. */
class HostileClientsTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.with(TestServer.Limits.PATIENT.header(500).idle(700).body(700));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "G", "P", "GET /v1/models HT", "GET /v1/models HTTP/1.1\r\nHost: h\r\nX-A: "})
  void who_does_not_finish_a_head_is_closed(String part) throws Exception {
    try (RawClient client = server.raw()) {
      long begin = System.nanoTime();
      client.send(part);
      client.drain();
      assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(300L, 3_000L);
    }
  }

  @Test
  void who_drips_a_head_is_closed() throws Exception {
    try (RawClient client = server.raw()) {
      client.send("GET /v1/models HTTP/1.1\r\n");
      Thread drip =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 500; i++) {
                    client.send("X-" + i + ": a\r\n");
                    Thread.sleep(20);
                  }
                } catch (java.io.IOException | InterruptedException _) {
                  // The server has closed.
                }
              });
      assertThat(client.drain()).isZero();
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  void who_stops_after_an_answer_is_closed() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/models"));
      assertThat(client.answer().status()).isEqualTo(200);
      long begin = System.nanoTime();
      client.send("GET /v1/mod");
      assertThat(client.drain()).isZero();
      assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(500L, 3_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0\0\0\0\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA\0b: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
        "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: 5x\r\n\r\n",
        "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n",
      })
  void what_is_no_http_is_400_with_an_id(String request) throws Exception {
    try (RawClient client = server.raw()) {
      client.send(request);
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("x-request-id")).startsWith("req_");
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.body()).contains("\"code\":\"invalid_http\"");
      client.drain();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /v1/models/%zz HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-test-1\r\n\r\n",
        "GET /v1/models/%ff HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-test-1\r\n\r\n",
        "GET /v1/responses?%=1 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-test-1\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET x:y HTTP/1.1\r\nHost: h\r\n\r\n",
        "BREW / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/3.7\r\nHost: h\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
      })
  void strange_requests_are_refused_not_failed(String request) throws Exception {
    try (RawClient client = server.raw()) {
      client.send(request);
      assertThat(client.answer(false).status()).isIn(400, 401, 404, 405, 501);
    }
  }

  @Test
  void absolute_uris_are_understood() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET http://h/v1/models?x=y"));
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_huge_head_is_431_and_a_huge_line_414() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/models", "X-Big: " + "x".repeat(40_000)));
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.header("x-request-id")).startsWith("req_");
    }
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /" + "x".repeat(20_000)));
      assertThat(client.answer().status()).isEqualTo(414);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "-1\r\n{}\r\n",
        "ffffffffffffffff\r\n{}",
        "2\r\n{}xx\r\n0\r\n\r\n",
        "2;ext=\0\r\n{}",
      })
  void broken_chunks_never_hang_the_connection(String chunks) throws Exception {
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head(
              "POST /v1/responses",
              "Content-Type: application/json",
              "Transfer-Encoding: chunked"));
      client.send(chunks);
      client.drain();
    }
  }

  @Test
  void both_framings_at_once_do_not_smuggle_a_request() throws Exception {
    server.api.asked.clear();
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head(
              "POST /v1/responses/resp_1/cancel",
              "Content-Length: 4",
              "Transfer-Encoding: chunked"));
      client.send("0\r\n\r\n" + RawClient.head("DELETE /v1/responses/resp_2"));
      client.drain();
    }
    assertThat(server.api.asked).doesNotContain("delete resp_2");
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    try (RawClient client = server.raw()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append(RawClient.head("GET /v1/models/" + (i % 2 == 0 ? "small" : "none")));
      }
      client.send(all.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(client.answer().status()).isEqualTo(i % 2 == 0 ? 200 : 404);
      }
    }
  }

  @Test
  void http_1_0_is_answered_and_closed() throws Exception {
    try (RawClient client = server.raw()) {
      client.send("GET /health/live HTTP/1.0\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.drain()).isZero();
    }
  }
}
