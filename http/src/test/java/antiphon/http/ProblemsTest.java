package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoreException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each problem looks like to a client. */
class ProblemsTest {

  private static final String CREATE = "{\"model\":\"small\",\"input\":\"hi\"}";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> thrown(@Nullable RuntimeException failure) throws Exception {
    server.api.failure.set(failure);
    try {
      return server.get("/v1/responses/resp_1");
    } finally {
      server.api.failure.set(null);
    }
  }

  private static void assertError(
      HttpResponse<String> answer,
      int status,
      String message,
      String type,
      @Nullable String param,
      @Nullable String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":%s,\"code\":%s}}"
                .formatted(message, type, quoted(param), quoted(code)));
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : "\"" + text + "\"";
  }

  @Test
  void invalid() throws Exception {
    assertError(
        thrown(new Rejected(new Problem.Invalid("m", "input[0]", "c"))),
        400,
        "m",
        "invalid_request_error",
        "input[0]",
        "c");
  }

  @Test
  void not_found() throws Exception {
    assertError(
        thrown(new Rejected(new Problem.NotFound("m", "response_id"))),
        404,
        "m",
        "invalid_request_error",
        "response_id",
        "not_found");
  }

  @Test
  void conflict_is_not_to_be_retried() throws Exception {
    HttpResponse<String> answer = thrown(new Rejected(new Problem.Conflict("m", null)));
    assertError(answer, 409, "m", "invalid_request_error", null, "conflict");
    assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
  }

  @Test
  void overloaded_says_when_to_come_back() throws Exception {
    HttpResponse<String> answer =
        thrown(new Rejected(new Problem.Overloaded("m", Duration.ofMillis(1200))));
    assertError(answer, 429, "m", "rate_limit_error", null, "server_overloaded");
    assertThat(answer.headers().firstValue("retry-after")).contains("2");
    assertThat(answer.headers().firstValue("retry-after-ms")).contains("1200");
  }

  @ParameterizedTest
  @EnumSource(Problem.Engine.Kind.class)
  void engine(Problem.Engine.Kind kind) throws Exception {
    Map<Problem.Engine.Kind, Integer> statuses =
        Map.of(
            Problem.Engine.Kind.RATE_LIMITED, 429,
            Problem.Engine.Kind.UNAVAILABLE, 503,
            Problem.Engine.Kind.BROKEN, 502,
            Problem.Engine.Kind.TIMEOUT, 504);
    HttpResponse<String> answer =
        thrown(new Rejected(new Problem.Engine(kind, "m", Duration.ofSeconds(3))));
    assertThat(answer.statusCode()).isEqualTo(statuses.get(kind));
    assertThat(answer.headers().firstValue("retry-after")).contains("3");
    assertThat(answer.body()).contains("\"message\":\"m\"").doesNotContain("\"code\":null");
    assertThat(
            thrown(new Rejected(new Problem.Engine(kind, "m", null)))
                .headers()
                .firstValue("retry-after"))
        .isEmpty();
  }

  @Test
  void internal() throws Exception {
    assertError(
        thrown(new Rejected(new Problem.Internal("m"))),
        500,
        "m",
        "server_error",
        null,
        "server_error");
  }

  @Test
  void the_unexpected_tells_its_id_and_nothing_else() throws Exception {
    HttpResponse<String> answer = thrown(new IllegalStateException("secret of the house"));
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains(answer.headers().firstValue("x-request-id").orElseThrow())
        .doesNotContain("secret", "IllegalState");
  }

  @Test
  void a_store_out_of_reach_is_503() throws Exception {
    HttpResponse<String> answer =
        thrown(new StoreException("jdbc:secret", new IllegalStateException()));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("store_unavailable").doesNotContain("secret");
  }

  @Test
  void a_run_that_failed_is_answered_with_its_problem() throws Exception {
    server.api.runs(
        new ScriptedRun()
            .finish(
                ScriptedApi.SNAPSHOT,
                new Problem.Engine(Problem.Engine.Kind.UNAVAILABLE, "m", null)));
    assertError(
        server.post("/v1/responses", CREATE), 503, "m", "server_error", null, "engine_unavailable");
  }
}
