package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come packed. */
class PackedBodiesTest {

  private static final int LIMIT = 300_000;

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.with(TestServer.Limits.PATIENT.maxBody(LIMIT).maxBodies(2 * LIMIT));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    server.api.asked.clear();
  }

  private static byte[] packed(String packing, byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packer =
        packing.equals("zstd") ? new ZstdOutputStream(out) : new GZIPOutputStream(out)) {
      packer.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] create(int length) {
    String shell = "{\"model\":\"small\",\"input\":\"\"}";
    return shell
        .replace("\"\"}", "\"" + "x".repeat(length - shell.length()) + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static HttpResponse<String> send(String encoding, byte[] body) throws Exception {
    return server.send(
        server
            .to("/v1/responses")
            .header("content-type", "application/json")
            .header("content-encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "zstd"})
  void a_packed_body_is_read(String encoding) throws Exception {
    for (int length : new int[] {100, LIMIT}) {
      HttpResponse<String> answer = send(encoding, packed(encoding, create(length)));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
    assertThat(server.api.asked).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void a_bomb_is_413_at_the_limit(String encoding) throws Exception {
    byte[] bomb = packed(encoding, new byte[200 << 20]);
    assertThat(bomb.length).isLessThan(LIMIT);
    HttpResponse<String> answer = send(encoding, bomb);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"code\":\"body_too_large\"", "" + LIMIT);
    assertThat(send(encoding, packed(encoding, create(LIMIT + 1))).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void what_is_not_packed_so_is_400(String encoding) throws Exception {
    byte[] good = packed(encoding, create(10_000));
    assertThat(send(encoding, create(100)).statusCode()).isEqualTo(400);
    HttpResponse<String> half = send(encoding, Arrays.copyOf(good, good.length / 2));
    assertThat(half.statusCode()).isEqualTo(400);
    assertThat(half.body()).contains("not valid " + encoding);
    assertThat(send(encoding, new byte[0]).statusCode()).isEqualTo(400);
  }

  @Test
  void a_zstd_frame_that_wants_a_large_window_is_refused() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream packer = new ZstdOutputStream(out)) {
      packer.setLong(27);
      packer.write(create(10_000));
    }
    assertThat(send("zstd", out.toByteArray()).statusCode()).isEqualTo(400);
  }

  @Test
  void another_way_is_415_and_names_those_that_are_taken() throws Exception {
    HttpResponse<String> answer = send("br", create(100));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).contains("gzip", "zstd");
    assertThat(answer.headers().firstValue("accept-encoding")).contains("gzip, zstd");
    assertThat(server.api.asked).isEmpty();
  }
}
