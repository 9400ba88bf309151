package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of WebSockets can make the server hold. */
class SocketMessagesTest {

  private static final int MIB = 1 << 20;
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int CLOSE = 8;

  private static TestServer shared;

  private final List<RawClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    shared = TestServer.with(TestServer.Limits.PATIENT.maxBody(MIB));
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

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
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > 125) {
      return bytes.length > 0xffff ? frame(TEXT, true, bytes.length, text) : middling(bytes);
    }
    return ByteBuffer.allocate(6 + bytes.length)
        .put((byte) (0x80 | TEXT))
        .put((byte) (0x80 | bytes.length))
        .putInt(0)
        .put(bytes)
        .array();
  }

  private static byte[] middling(byte[] bytes) {
    return ByteBuffer.allocate(8 + bytes.length)
        .put((byte) (0x80 | TEXT))
        .put((byte) (0x80 | 126))
        .putShort((short) bytes.length)
        .putInt(0)
        .put(bytes)
        .array();
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

  /** Frames as RFC 6455 forbids them, in hexadecimal: the server hangs up, and serves others. */
  @ParameterizedTest
  @CsvSource({
    "a reserved bit, c1 80 00000000",
    "no mask, 81 02 7b7d",
    "an unknown kind, 83 80 00000000",
    "an unknown control frame, 8b 80 00000000",
    "a continuation of nothing, 80 82 00000000 7b7d",
    "a message within another, 01 81 00000000 7b 81 81 00000000 7d",
    "a long control frame, 89 fe 0080 00000000",
    "a ping in parts, 09 80 00000000",
    "a closing code cut in half, 88 81 00000000 03",
    "a closing code that nobody may send, 88 82 00000000 03ee",
    "a length below zero, 81 ff ffffffffffffffff 00000000",
    "a length of more than a body may have, 81 ff 00000000ffffffff 00000000",
    "a length of eight bytes that needs two, 81 ff 0000000000000001 00000000 7b",
    "a binary message, 82 82 00000000 7b7d",
    "an empty message, 81 80 00000000",
    "HTTP, 474554202f20485454502f312e310d0a0d0a"
  })
  void what_is_no_message_ends_the_connection(String what, String hex) throws Exception {
    RawClient client = connect(shared);
    client.send(HexFormat.of().parseHex(hex.replace(" ", "")));
    client.drain();
    assertThat(shared.get("/v1/responses/resp_1").statusCode()).as(what).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "[]",
        "null",
        "\"response.create\"",
        "{}",
        "{\"type\":7}",
        "{\"type\":\"response.create\"",
        "{\"type\":\"response.create\",\"model\":{}}",
        "{\"type\":\"response.create\",\"model\":\"m\",\"stream_id\":7}",
        "{\"type\":\"response.create\",\"model\":\"m\",\"background\":true}",
        "{\"type\":\"response.steer\"}",
        "{\"type\":\"response.steer\",\"previous_response_id\":[]}",
        "{\"type\":\"response.cancel\",\"response_id\":{}}"
      })
  void a_message_that_asks_for_nothing_is_told_so(String message) throws Exception {
    RawClient client = connect(shared);
    client.send(text(message));
    assertThat(next(client)).contains("\"type\":\"error\"").containsAnyOf("400", "404");
    answers(shared);
    client.send(text(asking(1)));
    assertThat(next(client)).contains("response.created");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c328", "c3", "7b22e2827d"})
  void what_is_no_unicode_is_told_so(String hex) throws Exception {
    RawClient client = connect(shared);
    byte[] text = HexFormat.of().parseHex(hex);
    client.send(new byte[] {(byte) 0x81, (byte) (0x80 | text.length), 0, 0, 0, 0}).send(text);
    assertThat(next(client)).contains("\"type\":\"error\"").contains("400");
  }

  @Test
  void a_message_in_parts_is_one_and_no_longer_than_a_body() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.maxBody(MIB))) {
      answers(server);
      RawClient client = connect(server);
      String half = "x".repeat(MIB / 2);
      String begin = asking(0).replace("\"}", half);
      client.send(frame(TEXT, false, begin.length(), begin));
      client.send(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0}); // A ping between.
      client.send(new byte[] {(byte) 0x80, (byte) 0x82, 0, 0, 0, 0, '"', '}'});
      byte[] pong = client.bytes(2);
      assertThat(pong[0]).isEqualTo((byte) 0x8a);
      assertThat(next(client)).contains("response.created");
      client.send(frame(TEXT, false, begin.length(), begin));
      client.send(frame(CONTINUATION, true, half.length(), half));
      assertThat(next(client)).isEqualTo("close 1009");
    }
  }

  @Test
  void a_client_that_reads_nothing_is_let_go_and_its_response_stopped() throws Exception {
    try (TestServer server = TestServer.with(TestServer.Limits.PATIENT.write(300))) {
      ScriptedRun run = new ScriptedRun();
      for (int i = 0; i < 64; i++) {
        run.reader.give(ScriptedReader.event("response.output_text.delta", i, 128 * 1024));
      }
      server.api.runs(run);
      connect(server).send(text(asking(1)));
      assertThat(run.gone.get(20, TimeUnit.SECONDS)).isPositive();
    }
  }
}
