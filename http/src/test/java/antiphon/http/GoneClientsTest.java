package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.api.Created;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave while the server has nothing to say to them. */
class GoneClientsTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The ways to leave. */
  enum Leaving {
    CLOSE,
    RESET,
    HALF_CLOSE;

    void leave(RawClient client) throws Exception {
      switch (this) {
        case CLOSE -> client.close();
        case RESET -> client.reset();
        case HALF_CLOSE -> client.socket.shutdownOutput();
      }
    }
  }

  private static RawClient create(boolean stream, boolean background) throws Exception {
    String body =
        "{\"model\":\"small\",\"stream\":" + stream + ",\"background\":" + background + "}";
    return server
        .raw()
        .send(
            RawClient.head(
                    "POST /v1/responses",
                    "Content-Type: application/json",
                    "Content-Length: " + body.length())
                + body);
  }

  private static void assertNoticed(ScriptedRun run, long left) throws Exception {
    long noticed = run.gone.get(5, TimeUnit.SECONDS);
    assertThat((noticed - left) / 1_000_000).as("ms until it was noticed").isLessThan(200);
  }

  @ParameterizedTest
  @EnumSource(Leaving.class)
  void a_waiting_call_is_cancelled_at_once(Leaving leaving) throws Exception {
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = create(false, false)) {
      assertThat(run.awaited.await(5, TimeUnit.SECONDS)).isTrue();
      long left = System.nanoTime();
      leaving.leave(client);
      assertNoticed(run, left);
    }
  }

  @ParameterizedTest
  @EnumSource(Leaving.class)
  void a_silent_stream_is_cancelled_at_once(Leaving leaving) throws Exception {
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = create(true, false)) {
      assertThat(client.answerHead().status()).isEqualTo(200);
      assertThat(client.chunk()).startsWith(":");
      long left = System.nanoTime();
      leaving.leave(client);
      assertNoticed(run, left);
      assertThat(run.reader.closed.await(1, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_background_stream_only_stops_being_read() throws Exception {
    ScriptedReader reader = new ScriptedReader();
    server.api.creating.set(
        (_, _) -> new Created.Queued(ScriptedApi.bytes(ScriptedApi.SNAPSHOT), reader));
    try (RawClient client = create(true, true)) {
      assertThat(client.answerHead().status()).isEqualTo(200);
    }
    assertThat(reader.closed.await(1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_resumed_stream_only_stops_being_read() throws Exception {
    ScriptedReader reader = new ScriptedReader();
    server.api.reading.set(reader);
    try (RawClient client = server.raw()) {
      client.send(RawClient.head("GET /v1/responses/resp_1?stream=true"));
      assertThat(client.answerHead().status()).isEqualTo(200);
    }
    assertThat(reader.closed.await(1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void who_leaves_while_a_create_is_under_way_is_gone_when_it_runs() throws Exception {
    ScriptedRun run = new ScriptedRun();
    var entered = new java.util.concurrent.CountDownLatch(1);
    var release = new java.util.concurrent.CountDownLatch(1);
    server.api.creating.set((_, _) -> {
      entered.countDown();
      release.await();
      return run;
    });
    RawClient client = create(false, false);
    assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
    client.reset();
    // Another connection of each event loop answers after the reset has been seen there.
    for (int i = 0; i < 4; i++) {
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }
    release.countDown();
    assertThat(run.gone).succeedsWithin(java.time.Duration.ofSeconds(5));
  }

  @Test
  void who_stays_is_not_taken_for_gone() throws Exception {
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = create(false, false)) {
      assertThat(run.awaited.await(5, TimeUnit.SECONDS)).isTrue();
      run.finish(ScriptedApi.SNAPSHOT, null);
      assertThat(client.answer().body()).isEqualTo(ScriptedApi.SNAPSHOT);
      client.send(RawClient.head("GET /v1/models"));
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(run.gone).isNotDone();
  }

  @Test
  void who_leaves_behind_pipelined_requests_is_noticed_too() throws Exception {
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    RawClient client = create(false, false);
    assertThat(run.awaited.await(5, TimeUnit.SECONDS)).isTrue();
    client.send(RawClient.head("GET /v1/models"));
    long left = System.nanoTime();
    client.close();
    assertNoticed(run, left);
  }

  @Test
  void who_pipelines_so_much_that_nothing_more_is_read_is_cut() throws Exception {
    ScriptedRun run = new ScriptedRun();
    server.api.runs(run);
    try (RawClient client = create(false, false)) {
      assertThat(run.awaited.await(5, TimeUnit.SECONDS)).isTrue();
      client.send(RawClient.head("GET /v1/models").repeat(50));
      assertThat(run.gone).succeedsWithin(java.time.Duration.ofSeconds(10));
      client.drain();
    }
  }
}
