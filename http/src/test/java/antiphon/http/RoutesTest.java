package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

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

  @BeforeEach
  void forget() {
    server.api.asked.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /responses/resp_1,             get resp_1",
    "GET,    /responses/resp_1/,            get resp_1",
    "GET,    /responses/resp%5F1,           get resp_1",
    "DELETE, /responses/resp_1,             delete resp_1",
    "POST,   /responses/resp-a/cancel,      cancel resp-a",
    "GET,    /responses/resp_1/input_items, 'items of resp_1 PageRequest[limit=20,"
        + " descending=true, after=null, before=null]'",
    "GET,    /responses, 'list PageRequest[limit=20, descending=true, after=null, before=null]'",
    "GET,    /responses?limit=3&order=asc&after=resp_a&before=resp_b, 'list PageRequest[limit=3,"
        + " descending=false, after=resp_a, before=resp_b]'",
  })
  void both_mounts_lead_to_the_operations(String method, String path, String asked)
      throws Exception {
    for (String mount : new String[] {"/v1", "/api/v1/llm"}) {
      server.api.asked.clear();
      HttpResponse<String> answer = server.method(method, mount + path);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(server.api.asked).containsExactly(asked);
    }
  }

  @Test
  void creates_and_updates() throws Exception {
    assertThat(server.post("/v1/responses", CREATE).body()).isEqualTo(ScriptedApi.SNAPSHOT);
    assertThat(server.post("/v1/responses/resp_1", "{\"metadata\":{\"a\":\"b\"}}").statusCode())
        .isEqualTo(200);
    assertThat(server.api.asked).containsExactly("create small", "update resp_1 {a=b}");
  }

  @Test
  void input_tokens_are_counted_on_both_mounts() throws Exception {
    for (String mount : new String[] {"/v1", "/api/v1/llm"}) {
      assertThat(server.post(mount + "/responses/input_tokens", CREATE).body())
          .isEqualTo("{\"object\":\"response.input_tokens\",\"input_tokens\":42}");
    }
    assertThat(server.api.asked).containsExactly("count small", "count small");
  }

  @Test
  void a_delete_and_the_lists_have_the_shapes_of_the_contract() throws Exception {
    assertThat(server.method("DELETE", "/v1/responses/resp_1").body())
        .isEqualTo("{\"id\":\"resp_1\",\"object\":\"response\",\"deleted\":true}");
    assertThat(server.get("/v1/responses").body())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":["
                + ScriptedApi.SNAPSHOT
                + "],\"has_more\":false,\"first_id\":\"resp_1\",\"last_id\":\"resp_1\"}");
    assertThat(server.get("/v1/responses/resp_1/input_items").body())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[],\"has_more\":false,"
                + "\"first_id\":\"\",\"last_id\":\"\"}");
  }

  @Test
  void models_have_names_with_slashes_and_spaces() throws Exception {
    assertThat(server.get("/v1/models").body())
        .startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"small\",\"object\":\"model\"")
        .contains("\"owned_by\":\"somebody\"");
    assertThat(server.get("/v1/models/a/b%20c").body()).contains("\"id\":\"a/b c\"");
    assertThat(server.get("/api/v1/llm/models/a%2Fb%20c/").body()).contains("\"id\":\"a/b c\"");
    HttpResponse<String> unknown = server.get("/v1/models/nobody");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("\"code\":\"model_not_found\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/nothing", "/v1", "/v2/responses", "//v1/responses", "/v1/responses//"})
  void an_unknown_path_is_404_without_a_key(String path) throws Exception {
    HttpResponse<String> answer =
        server.send(server.to(path).setHeader("authorization", "Bearer wrong"));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"code\":\"unknown_url\"", "\"param\":null");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,    /v1/responses,                'GET, HEAD, POST'",
    "PATCH,  /v1/responses/resp_1,         'DELETE, GET, HEAD, POST'",
    "GET,    /v1/responses/resp_1/cancel,  POST",
    "POST,   /v1/models/a/b,               'GET, HEAD'",
    "OPTIONS,/api/v1/llm/responses,        'GET, HEAD, POST'",
    "TRACE,  /health/live,                 'GET, HEAD'",
  })
  void a_wrong_method_is_405_with_those_that_would_do(String method, String path, String allow)
      throws Exception {
    HttpResponse<String> answer = server.method(method, path);
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).contains(allow);
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void head_is_get_without_the_body() throws Exception {
    HttpResponse<String> answer = server.method("HEAD", "/v1/responses/resp_1");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("content-length"))
        .contains(String.valueOf(ScriptedApi.SNAPSHOT.length()));
    assertThat(server.method("HEAD", "/v1/responses/resp_1?stream=true").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health/live", "/health/ready", "/openapi.json"})
  void some_need_no_key(String path) throws Exception {
    HttpResponse<String> answer =
        server.send(server.to(path).setHeader("authorization", "Bearer wrong"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(answer.headers().firstValue("date")).isPresent();
  }

  @Test
  void not_ready_is_503() throws Exception {
    server.ready.set(false);
    try {
      HttpResponse<String> answer = server.get("/health/ready");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("\"code\":\"not_ready\"");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    } finally {
      server.ready.set(true);
    }
  }

  @Test
  void every_answer_has_an_id_of_its_own() throws Exception {
    String first = server.get("/v1/models").headers().firstValue("x-request-id").orElseThrow();
    String second = server.get("/v1/models").headers().firstValue("x-request-id").orElseThrow();
    assertThat(first).startsWith("req_").isNotEqualTo(second);
  }
}
