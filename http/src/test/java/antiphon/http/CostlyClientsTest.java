package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients can make the server hold: half bodies, half heads, bodies at once, connections. */
class CostlyClientsTest {

  private static final int BODY = 64 * 1024;
  private static final String CREATE = "{\"model\":\"small\",\"input\":\"hi\"}";

  private static String keyless(String line, String... headers) {
    return RawClient.head(line, headers).replaceAll("Authorization: [^\r]*\r\n", "");
  }

  private static boolean created(TestServer server, String input) {
    try {
      String json = "{\"model\":\"small\",\"input\":\"" + input + "\"}";
      return server.post("/v1/responses", json).statusCode() == 200;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean served(TestServer server) {
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/models"));
      return client.answer().status() == 200;
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  private static void closeAll(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void half_bodies_without_a_key_are_answered_at_once_when_they_are_many() throws Exception {
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(1 << 20).maxBodies(1 << 20))) {
      List<RawClient> clients = new ArrayList<>();
      try {
        int refused = 0;
        for (int i = 0; i < 40; i++) {
          RawClient client = server.raw();
          clients.add(client);
          client.send(
              keyless(
                  "POST /v1/responses",
                  "Content-Type: application/json",
                  "Content-Length: " + BODY));
          client.send("{");
        }
        // A few are waited for; whoever comes when those places are taken is asked for a key first.
        for (RawClient client : clients) {
          client.socket.setSoTimeout(1_000);
          try {
            assertThat(client.answer().status()).isEqualTo(401);
            refused++;
          } catch (SocketTimeoutException _) {
            // It is one of the few.
          }
        }
        assertThat(refused).isGreaterThanOrEqualTo(30);
        assertThat(server.post("/v1/responses", CREATE).statusCode()).isEqualTo(200);
      } finally {
        closeAll(clients);
      }
    }
  }

  @Test
  void bodies_beyond_the_budget_are_503_until_others_are_answered() throws Exception {
    int limit = 1 << 20;
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(limit).maxBodies(2L * limit))) {
      List<RawClient> clients = new ArrayList<>();
      String most = "x".repeat(limit - 1000);
      try {
        for (int i = 0; i < 2; i++) {
          RawClient client = server.raw();
          clients.add(client);
          client.send(
              RawClient.head(
                  "POST /v1/responses",
                  "Content-Type: application/json",
                  "Content-Length: " + limit));
          client.send("{\"model\":\"small\",\"input\":\"" + most);
        }
        HttpResponse<String> refused;
        do {
          refused =
              server.post("/v1/responses", "{\"model\":\"small\",\"input\":\"" + most + "\"}");
        } while (refused.statusCode() == 200);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(refused.body()).contains("\"code\":\"server_overloaded\"");
      } finally {
        closeAll(clients);
      }
      Await.until(() -> created(server, most));
    }
  }

  @Test
  void what_answered_requests_held_is_free_again() throws Exception {
    int limit = 200_000;
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(limit).maxBodies(2L * limit))) {
      String json = "{\"model\":\"small\",\"input\":\"" + "x".repeat(150_000) + "\"}";
      for (int i = 0; i < 20; i++) {
        assertThat(server.post("/v1/responses", json).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void one_connection_too_many_is_cut_off_and_room_is_made_by_those_that_leave() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.connections(10))) {
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 10; i++) {
          RawClient client = server.raw();
          clients.add(client);
          client.send(RawClient.head("GET /v1/models"));
          assertThat(client.answer().status()).isEqualTo(200);
        }
        try (RawClient client = server.raw()) {
          assertThat(client.drain()).isZero();
        }
      } finally {
        closeAll(clients);
      }
      Await.until(() -> served(server));
    }
  }

  @Test
  void half_heads_are_cut_off_when_they_are_too_many_and_whole_ones_go_on() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT)) {
      String half = "GET / HTTP/1.1\r\nHost: h\r\n" + "a:b\r\n".repeat(5_000);
      long heads = Runtime.getRuntime().maxMemory() / 8 / 48;
      List<RawClient> clients = new ArrayList<>();
      try {
        int cut = 0;
        for (int i = 0; i < 2 * heads / half.length() + 200 && cut < 20; i++) {
          RawClient client = server.raw();
          clients.add(client);
          try {
            client.send(half);
            client.send("x");
            client.socket.setSoTimeout(i * (long) half.length() > heads ? 50 : 1);
            cut += client.socket.getInputStream().read() < 0 ? 1 : 0;
          } catch (SocketTimeoutException _) {
            // It is waited for.
          } catch (IOException _) {
            cut++;
          }
        }
        assertThat(cut).isGreaterThanOrEqualTo(20);
        assertThat(server.get("/v1/models").statusCode()).isEqualTo(200);
      } finally {
        closeAll(clients);
      }
      assertThat(server.get("/v1/models").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void who_drips_a_body_is_late_all_the_same() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.body(500));
        RawClient client = server.raw()) {
      client.send(
          RawClient.head(
              "POST /v1/responses", "Content-Type: application/json", "Content-Length: 100000"));
      long begin = System.nanoTime();
      Thread drip =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (!Thread.interrupted()) {
                    client.send(" ");
                    Thread.sleep(10);
                  }
                } catch (IOException | InterruptedException _) {
                  // The server has closed, or the test is over.
                }
              });
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(3_000);
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  void who_speaks_chat_completions_is_told_where_to_go() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT)) {
      HttpResponse<String> answer = server.post("/v1/chat/completions", "{\"model\":\"small\"}");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("Responses API", "/v1/responses", "unknown_url");
      assertThat(server.post("/api/v1/llm/chat/completions", "{}").body())
          .contains("/api/v1/llm/responses");
      assertThat(server.post("/v1/chat/other", "{}").body()).contains("Unknown request URL");
    }
  }
}
