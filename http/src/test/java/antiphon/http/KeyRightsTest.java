package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a key that does not allow everything may do. */
class KeyRightsTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    server.api.asked.clear();
  }

  @Test
  void aKeyThatReadsResponsesChangesNothingAndSeesNothingElse() throws Exception {
    assertThat(with("sk-test-reads", "GET", "/v1/responses/resp_1", "").statusCode())
        .isEqualTo(200);
    assertThat(with("sk-test-reads", "POST", "/v1/responses/input_tokens", "{\"model\":\"m\"}"))
        .satisfies(counted -> assertThat(counted.statusCode()).isEqualTo(200));
    int done = server.api.asked.size();
    for (String path : new String[] {"", "/resp_1", "/resp_1/cancel", "/resp_1/wake", "/compact"}) {
      missing("responses.write", with("sk-test-reads", "POST", "/v1/responses" + path, "{}"));
    }
    missing("responses.write", with("sk-test-reads", "DELETE", "/v1/responses/resp_1", ""));
    missing("conversations.write", with("sk-test-reads", "POST", "/v1/conversations", "{}"));
    missing("models.read", with("sk-test-reads", "GET", "/v1/models", ""));
    missing("files.read", with("sk-test-reads", "GET", "/api/v1/llm/files", ""));
    assertThat(server.api.asked).hasSize(done);
  }

  @Test
  void aKeyThatReadsGetsNoWebSocket() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(
          """
          GET /v1/responses HTTP/1.1\r
          Host: h\r
          Authorization: Bearer sk-test-reads\r
          Connection: Upgrade\r
          Upgrade: websocket\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          \r
          """);
      assertThat(client.answer().status()).isEqualTo(403);
    }
  }

  @Test
  void aTierAboveTheKeysIsRefusedAndNamed() throws Exception {
    String body = "{\"model\":\"m\",\"input\":\"hi\",\"service_tier\":\"%s\"}";
    HttpResponse<String> refused =
        with("sk-test-slow", "POST", "/v1/responses", body.formatted("priority"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .contains("\"param\":\"service_tier\"", "\"code\":\"service_tier_not_allowed\"");
    assertThat(server.api.asked).isEmpty();
    for (String tier : new String[] {"default", "flex", "auto", "whatever"}) {
      assertThat(with("sk-test-slow", "POST", "/v1/responses", body.formatted(tier)).statusCode())
          .as(tier)
          .isEqualTo(200);
    }
  }

  private static void missing(String scope, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.uri() + " " + answer.body()).isEqualTo(403);
    assertThat(answer.body())
        .contains("Missing scope: " + scope + ".", "\"code\":\"missing_scope\"");
  }

  private static HttpResponse<String> with(String key, String method, String path, String body)
      throws Exception {
    return server.send(
        server
            .to(path)
            .setHeader("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }
}
