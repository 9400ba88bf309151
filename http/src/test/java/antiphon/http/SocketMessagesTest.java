package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of WebSockets can make the server hold. */
class SocketMessagesTest {

  private static final int MIB = 1 << 20;
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int CLOSE = 8;

  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void leave() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  private RawClient connect(TestServer server) throws IOException {
    RawClient client = server.raw();
    clients.add(client);
    client.send(
        RawClient.head(
            "GET /v1/responses",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
    assertThat(client.answerHead().status()).isEqualTo(101);
    return client;
  }

  /** The head of a masked frame, and so much of it: the mask is zero. */
  private static byte[] frame(int kind, boolean last, long length, String part) {
    byte[] text = part.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(14 + text.length)
        .put((byte) (kind | (last ? 0x80 : 0)))
        .put((byte) (0x80 | 127))
        .putLong(length)
        .putInt(0)
        .put(text)
        .array();
  }

  private static byte[] text(String text) {
    return frame(TEXT, true, text.length(), text);
  }

  /** A frame of the server's: its kind, then its text or its closing code. */
  private static String next(RawClient client) throws IOException {
    byte[] head = client.bytes(2);
    assertThat(head).as("something comes").hasSize(2);
    int length = head[1] & 0x7f;
    if (length == 126) {
      length = Short.toUnsignedInt(ByteBuffer.wrap(client.bytes(2)).getShort());
    } else if (length == 127) {
      length = (int) ByteBuffer.wrap(client.bytes(8)).getLong();
    }
    byte[] payload = client.bytes(length);
    return (head[0] & 0xf) == CLOSE
        ? "close " + ByteBuffer.wrap(payload).getShort()
        : new String(payload, StandardCharsets.UTF_8);
  }

  private static void isRefused(RawClient client) throws IOException {
    assertThat(next(client)).contains("server_overloaded").contains("503");
    assertThat(next(client)).isEqualTo("close 1013");
  }

  private static void answers(TestServer server) {
    server.api.creating.set((_, _) -> {
      ScriptedRun run = new ScriptedRun();
      run.reader.give(ScriptedReader.event("response.created", 0, 0)).end();
      return run;
    });
  }

  private static String asking(int length) {
    return "{\"type\":\"response.create\",\"model\":\"small\",\"input\":\""
        + "x".repeat(length)
        + "\"}";
  }

  @Test
  void frames_that_are_not_whole_count_and_go_with_their_connection() throws Exception {
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(MIB).maxBodies(2 * MIB))) {
      answers(server);
      for (int i = 0; i < 2; i++) {
        connect(server).send(frame(TEXT, true, MIB, "x".repeat(MIB - 1000)));
      }
      RawClient third = connect(server);
      Await.until(() -> full(server));
      third.send(frame(TEXT, true, MIB, "x".repeat(MIB - 1000)));
      isRefused(third);
      clients.getFirst().reset();
      Await.until(() -> !full(server));
    }
  }

  /** Whether a message of a quarter of what there is finds no room. */
  private boolean full(TestServer server) {
    try {
      RawClient asker = connect(server);
      asker.send(text(asking(MIB / 2)));
      boolean refused = next(asker).contains("server_overloaded");
      asker.reset();
      return refused;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void messages_in_parts_that_never_end_count_too() throws Exception {
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(MIB).maxBodies(2 * MIB))) {
      RawClient[] three = {connect(server), connect(server), connect(server)};
      String part = "x".repeat(MIB / 8);
      for (int i = 0; i < 7; i++) {
        for (RawClient client : three) {
          client.send(frame(i == 0 ? TEXT : CONTINUATION, false, part.length(), part));
        }
      }
      int told = 0;
      for (RawClient client : three) {
        client.socket.setSoTimeout(500);
        try {
          isRefused(client);
          told++;
        } catch (SocketTimeoutException _) {
          // It may go on.
        }
      }
      assertThat(told).isPositive();
    }
  }

  @Test
  void what_is_done_with_is_given_back() throws Exception {
    try (TestServer server =
        TestServer.with(TestServer.Limits.PATIENT.maxBody(MIB).maxBodies(2 * MIB))) {
      answers(server);
      RawClient client = connect(server);
      for (int i = 0; i < 8; i++) {
        client.send(text(asking(MIB - 1000)));
        assertThat(next(client)).as("message %d", i).contains("response.created");
        client.send(
            text("{\"type\":\"response.cancel\",\"x\":\"" + "x".repeat(MIB - 1000) + "\"}"));
        assertThat(next(client)).as("message %d", i).contains("No such response runs");
      }
    }
  }

  @Test
  void the_rest_of_a_message_has_to_come() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.body(200))) {
      RawClient client = connect(server);
      client.send(frame(TEXT, true, 100_000, "x"));
      assertThat(next(client)).contains("request_timeout").contains("408");
      assertThat(next(client)).isEqualTo("close 1008");
    }
  }
}
