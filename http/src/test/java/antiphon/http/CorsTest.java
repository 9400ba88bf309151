package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class CorsTest {

  private static final String ALLOWED = "https://app.example";

  @Test
  void is_off_unless_asked_for() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<String> answer = server.send(server.to("/v1/models").header("origin", ALLOWED));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
      assertThat(server.method("OPTIONS", "/v1/models").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void a_chosen_origin_may_call_and_another_may_not() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.cors(ALLOWED))) {
      HttpResponse<String> answer = server.send(server.to("/v1/nowhere").header("origin", ALLOWED));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(ALLOWED);
      assertThat(answer.headers().firstValue("vary")).contains("Origin");
      assertThat(
              server
                  .send(server.to("/v1/models").header("origin", "https://evil.example"))
                  .headers()
                  .firstValue("access-control-allow-origin"))
          .isEmpty();
    }
  }

  @Test
  void a_preflight_tells_methods_and_headers_without_a_key() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.cors("*"))) {
      HttpResponse<String> answer =
          server.send(
              server
                  .to("/v1/responses")
                  .setHeader("authorization", "none")
                  .header("origin", ALLOWED)
                  .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(ALLOWED);
      assertThat(answer.headers().firstValue("access-control-allow-methods"))
          .contains("GET, HEAD, POST");
      assertThat(answer.headers().firstValue("access-control-allow-headers").orElseThrow())
          .contains("authorization", "content-type", "x-on-behalf-of");
    }
  }
}
