package antiphon.http;

import static antiphon.http.ScriptedReader.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.http.wire.HttpSettings;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShutdownTest {

  private static final String STREAM = "{\"model\":\"small\",\"stream\":true}";

  private static RawClient stream(TestServer server) throws IOException {
    RawClient client = server.raw();
    client.send(
        RawClient.head(
                "POST /v1/responses",
                "Content-Type: application/json",
                "Content-Length: " + STREAM.length())
            + STREAM);
    assertThat(client.answerHead().status()).isEqualTo(200);
    return client;
  }

  @Test
  void a_stream_may_end_while_nothing_new_is_accepted() throws Exception {
    TestServer server = new TestServer();
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = stream(server);
        RawClient idle = server.raw()) {
      idle.send(RawClient.head("GET /v1/models"));
      assertThat(idle.answer().status()).isEqualTo(200);
      Thread closing = Thread.ofPlatform().start(() -> server.server.close(Duration.ofSeconds(20)));
      assertThat(idle.drain()).as("an idle connection closes at once").isZero();
      Await.until(() -> {
        try {
          server.raw().close();
          return false;
        } catch (IOException _) {
          return true;
        }
      });
      run.reader.give(event("response.completed", 0, 0)).end();
      StringBuilder body = new StringBuilder();
      for (String chunk = client.chunk(); !chunk.isEmpty(); chunk = client.chunk()) {
        body.append(chunk);
      }
      assertThat(body.toString()).contains("response.completed").endsWith("[DONE]\n\n");
      closing.join(Duration.ofSeconds(10));
      assertThat(closing.isAlive()).isFalse();
    }
    assertThat(run.gone).isNotDone();
    server.close();
  }

  @Test
  void what_does_not_end_in_time_is_cut_and_cancelled() throws Exception {
    TestServer server = new TestServer();
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = stream(server)) {
      long begin = System.nanoTime();
      server.server.close(Duration.ofMillis(400));
      assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(300L, 4_000L);
      assertThat(run.gone).isDone();
      client.drain();
    }
    server.close();
  }

  @Test
  void a_taken_port_is_a_clear_failure() {
    try (TestServer server = new TestServer()) {
      HttpSettings same =
          TestServer.settings(TestServer.Limits.PATIENT).withAddress("127.0.0.1", server.port);
      assertThatThrownBy(() -> new TestServer(same))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + server.port);
    }
  }

  @Test
  void the_port_asked_for_is_the_port_got() {
    int port;
    try (TestServer server = new TestServer()) {
      port = server.port;
    }
    HttpSettings settings =
        TestServer.settings(TestServer.Limits.PATIENT).withAddress("127.0.0.1", port);
    try (TestServer again = new TestServer(settings)) {
      assertThat(again.port).isEqualTo(port);
    }
  }
}
