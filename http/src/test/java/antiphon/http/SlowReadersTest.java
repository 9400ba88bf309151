package antiphon.http;

import static antiphon.http.ScriptedReader.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients that do not read, or read slowly. */
class SlowReadersTest {

  private static final String STREAM = "{\"model\":\"small\",\"stream\":true}";

  /** A run that always has another event of 64 KB. */
  private static ScriptedRun endless(AtomicInteger taken) {
    return new ScriptedRun() {
      @Override
      public EndlessReader events() {
        return new EndlessReader(taken);
      }
    };
  }

  private static RawClient stalled(TestServer server) throws Exception {
    RawClient client = new RawClient(server.port, 4096);
    client.send(
        RawClient.head(
                "POST /v1/responses",
                "Content-Type: application/json",
                "Content-Length: " + STREAM.length())
            + STREAM);
    return client;
  }

  /** The server has closed when its side no longer takes what we send; we read nothing. */
  private static void awaitCut(RawClient client) throws InterruptedException {
    Await.until(() -> {
      try {
        client.send("x");
        return false;
      } catch (IOException _) {
        return true;
      }
    });
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void two_hundred_of_them_hold_little_memory_and_nobody_else_up() throws Exception {
    try (TestServer server = new TestServer()) {
      AtomicInteger taken = new AtomicInteger();
      server.api.creating.set((_, _) -> endless(taken));
      List<RawClient> clients = new ArrayList<>();
      long before = heap();
      try {
        for (int i = 0; i < 200; i++) {
          clients.add(stalled(server));
        }
        Await.settled(taken::get);
        long grown = heap() - before;
        assertThat(grown).as("bytes for 200 stalled readers").isLessThan(80L << 20);
        assertThat(server.get("/v1/models").statusCode()).isEqualTo(200);
      } finally {
        for (RawClient client : clients) {
          client.reset();
        }
      }
    }
  }

  @Test
  void one_that_reads_nothing_is_cut_after_the_deadline() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.write(600))) {
      ScriptedRun run = endless(new AtomicInteger());
      server.api.creating.set((_, _) -> run);
      try (RawClient client = stalled(server)) {
        assertThat(run.gone).succeedsWithin(Duration.ofSeconds(5));
        awaitCut(client);
      }
    }
  }

  @Test
  void one_that_does_not_read_its_whole_answer_is_cut_too() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.write(600).idle(600))) {
      server.api.snapshot.set(ScriptedApi.bytes("\"" + "y".repeat(30_000_000) + "\""));
      try (RawClient client = new RawClient(server.port, 4096)) {
        client.send(RawClient.head("GET /v1/responses/resp_1"));
        awaitCut(client);
      }
    }
  }

  @Test
  void one_that_reads_slowly_gets_everything() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.write(400))) {
      int size = 400_000;
      server.api.reading.get().give(event("a", 0, size)).give(event("b", 1, size)).end();
      try (RawClient client = new RawClient(server.port, 4096)) {
        client.send(RawClient.head("GET /v1/responses/resp_1?stream=true"));
        assertThat(client.answerHead().status()).isEqualTo(200);
        StringBuilder body = new StringBuilder();
        long begin = System.nanoTime();
        String chunk = client.chunk();
        while (!chunk.isEmpty()) {
          body.append(chunk);
          // Slow on purpose: longer in all than the deadline, never still for as long.
          Thread.sleep(20);
          chunk = client.chunk();
        }
        assertThat(body).hasSizeGreaterThan(2 * size);
        assertThat(body.toString()).endsWith("data: [DONE]\n\n");
        assertThat((System.nanoTime() - begin) / 1_000_000).isGreaterThan(400);
      }
    }
  }

  @Test
  void pipelining_without_reading_does_not_pile_up_answers() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.write(600))) {
      server.api.snapshot.set(ScriptedApi.bytes("\"" + "y".repeat(20_000) + "\""));
      try (RawClient client = new RawClient(server.port, 4096)) {
        Thread sender =
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    byte[] request = ScriptedApi.bytes(RawClient.head("GET /v1/responses/resp_1"));
                    for (int i = 0; i < 100_000; i++) {
                      client.send(request);
                    }
                  } catch (IOException _) {
                    // Cut off, as it should be.
                  }
                });
        sender.join(Duration.ofSeconds(10));
        assertThat(sender.isAlive()).as("cut off").isFalse();
        assertThat(server.api.asked.size()).as("requests answered").isLessThan(2_000);
      }
    }
  }
}
