package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

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
    server.api.owners.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer wrong", "Bearer", "Bearer ", "sk-test-1", "Basic sk-test-1"})
  void a_bad_key_is_401(String authorization) throws Exception {
    HttpResponse<String> answer =
        server.send(server.to("/v1/models").setHeader("authorization", authorization));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
    assertThat(answer.body())
        .contains("\"type\":\"invalid_request_error\"", "\"code\":\"invalid_api_key\"");
  }

  @Test
  void no_key_and_two_keys_are_401() throws Exception {
    try (RawClient client = server.raw()) {
      client.send("GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(401);
      client.send(RawClient.head("GET /v1/models", "Authorization: Bearer sk-test-1"));
      assertThat(client.answer().status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer sk-test-2", "BEARER   sk-test-2", "Bearer sk-test-2"})
  void the_key_names_the_account(String authorization) throws Exception {
    server.send(server.to("/v1/responses").setHeader("authorization", authorization));
    assertThat(server.api.owners).containsExactly(Owner.account("t2"));
  }

  @Test
  void the_key_comes_before_the_rest() throws Exception {
    HttpResponse<String> answer =
        server.send(server.to("/v1/responses/not-an-id").setHeader("authorization", "Bearer no"));
    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void an_end_user_is_taken_exactly() throws Exception {
    server.send(server.to("/v1/responses").header("x-on-behalf-of", "User  One/2"));
    assertThat(server.api.owners).containsExactly(new Owner("t1", "User  One/2"));
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head(
              "GET /v1/responses", "X-On-Behalf-Of: \u00c3\u0084 b", "Connection: close"));
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(server.api.owners.getLast()).isEqualTo(new Owner("t1", "Ä b"));
  }

  @Test
  void an_empty_end_user_is_an_absent_one() throws Exception {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/responses", "X-On-Behalf-Of:   "));
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(server.api.owners).containsExactly(Owner.account("t1"));
  }

  @Test
  void the_longest_end_user_has_256_characters() throws Exception {
    String longest = "u".repeat(256);
    assertThat(server.send(server.to("/v1/models").header("x-on-behalf-of", longest)).statusCode())
        .isEqualTo(200);
    assertBad("X-On-Behalf-Of: " + longest + "u");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-On-Behalf-Of: a\tb",
        "X-On-Behalf-Of: a\u00c2\u0085b",
        "X-On-Behalf-Of: a\u00ffb",
        "X-On-Behalf-Of: a\r\nX-On-Behalf-Of: a"
      })
  void a_bad_end_user_is_400(String header) throws Exception {
    assertBad(header);
  }

  private static void assertBad(String header) throws Exception {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/responses", header));
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("\"param\":\"X-On-Behalf-Of\"");
    }
    assertThat(server.api.owners).isEmpty();
  }
}
