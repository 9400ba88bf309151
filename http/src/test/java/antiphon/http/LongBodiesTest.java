package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Bodies of megabytes: kept in pieces, taken in at a pace, beside short ones. */
class LongBodiesTest {

  private static final int MIB = 1 << 20;

  private static String text(int length) {
    Random random = new Random(length);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString().replace('\\', '/').replace('"', '\'');
  }

  @Test
  void they_come_as_they_were_sent() throws Exception {
    try (TestServer server = new TestServer()) {
      AtomicReference<String> came = new AtomicReference<>("");
      server.api.creating.set((_, request) -> {
        came.set(Json.text(request));
        return new ScriptedRun().finish(ScriptedApi.SNAPSHOT, null);
      });
      for (int length : List.of(255, 256 * 1024, 256 * 1024 + 1, 5 * MIB + 7, 20 * MIB)) {
        String json = "{\"model\":\"small\",\"input\":\"" + text(length) + "\"}";
        String wanted =
            Json.text(Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class));
        BodyPublisher whole = BodyPublishers.ofString(json);
        BodyPublisher chunked =
            BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        for (BodyPublisher body : List.of(whole, chunked)) {
          came.set("");
          var request = server.to("/v1/responses").header("content-type", "application/json");
          assertThat(server.send(request.POST(body)).statusCode()).isEqualTo(200);
          assertThat(came.get().equals(wanted)).as("%d bytes", length).isTrue();
        }
      }
    }
  }

  @Test
  void short_ones_are_taken_while_long_ones_hold_all_there_is() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(MIB).maxBodies(2 * MIB))) {
      String half = "{\"model\":\"small\",\"input\":\"" + "x".repeat(MIB - 1000);
      for (int i = 0; i < 2; i++) {
        clients.add(
            server
                .raw()
                .send(
                    RawClient.head(
                        "POST /v1/responses",
                        "Content-Type: application/json",
                        "Content-Length: " + MIB))
                .send(half));
      }
      Await.until(() -> refused(server));
      for (int i = 0; i < 50; i++) {
        String json = "{\"model\":\"small\",\"input\":\"" + "x".repeat(i * 1000) + "\"}";
        assertThat(server.post("/v1/responses", json).statusCode()).isEqualTo(200);
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  /** Whether a long body would be refused now; none is sent. */
  private static boolean refused(TestServer server) {
    try (RawClient client = server.raw()) {
      client.send(
          RawClient.head(
              "POST /v1/responses",
              "Content-Type: application/json",
              "Content-Length: 200000",
              "Expect: 100-continue"));
      return client.answer().status() == 503;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
