package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.file.FilePurpose;
import antiphon.core.file.StoredFile;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads and what comes back of them. */
final class FilesTest {

  private static final String BOUNDARY = "a-boundary";

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5000, 60_000, 70_000, 900_000})
  void anUploadIsReadAsItWasSent(int length) throws Exception {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    // What looks like the end of a part, but for its last letter.
    byte[] almost = ascii("\r\n--a-boundarx\r\n--a-bounda");
    System.arraycopy(almost, 0, bytes, 0, Math.min(length, almost.length));

    HttpResponse<String> answer =
        upload(List.of(field("purpose", "vision"), file("é \"1\".png", "image/png", bytes)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    StoredFile stored = server.files.files.values().iterator().next();
    assertThat(stored.filename()).isEqualTo("é \"1\".png");
    assertThat(stored.purpose()).isEqualTo(FilePurpose.VISION);
    assertThat(stored.contentType()).isEqualTo("image/png");
    assertThat(stored.bytes()).isEqualTo(length);
    assertThat(server.files.contents.get(stored.id())).isEqualTo(bytes);
    assertThat(Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("object").asString())
        .isEqualTo("file");
    Await.until(() -> server.files.open.get() == 0);
  }

  @Test
  void fieldsMayFollowTheFile() throws Exception {
    HttpResponse<String> answer =
        upload(
            List.of(
                file("a.txt", "", ascii("hello")),
                field("expires_after[anchor]", "created_at"),
                field("expires_after[seconds]", "3600"),
                field("purpose", "user_data")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("expires_at").asInt())
        .isEqualTo(3601);
  }

  @Test
  void aLargeUploadIsNeverHeldInMemory() throws Exception {
    long length = 300L * 1024 * 1024;
    byte[] head = ascii(field("purpose", "batch") + head("big.bin", "application/pdf"));
    byte[] tail = ascii("\r\n--" + BOUNDARY + "--\r\n");
    HttpResponse<String> answer =
        server.send(
            server
                .to("/v1/files")
                .header("content-type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new Endless(head, length, tail))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(server.files.files.values().iterator().next().bytes()).isEqualTo(length);
  }

  @Test
  void aFileThatIsTooLargeIsRefusedBeforeItCame() throws Exception {
    server.files.maxBytes = 1000;
    HttpResponse<String> answer =
        upload(List.of(field("purpose", "batch"), file("a.txt", "", new byte[5000])));
    assertThat(answer.statusCode()).isEqualTo(400);
    server.files.maxBytes = 0;
    answer =
        upload(List.of(field("purpose", "batch"), file("a.txt", "", new byte[2 * 1024 * 1024])));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(server.files.files).isEmpty();
    Await.until(() -> server.files.open.get() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "'', file",
    "F, purpose",
    "PF, ",
    "pF, purpose",
    "PFF, file",
    "PPF, purpose",
    "PFA, expires_after[anchor]",
    "PFaS, expires_after[seconds]",
    "PFx, x",
  })
  void formsAreChecked(String parts, String param) throws Exception {
    List<String> form = new ArrayList<>();
    for (int i = 0; i < parts.length(); i++) {
      char part = parts.charAt(i);
      form.add(
          switch (part) {
            case 'F' -> file("a.txt", "", ascii("hello"));
            case 'P' -> field("purpose", "assistants");
            case 'p' -> field("purpose", "nonsense");
            case 'A' -> field("expires_after[anchor]", "last_active_at");
            case 'a' -> field("expires_after[anchor]", "created_at");
            case 'S' -> field("expires_after[seconds]", "soon");
            default -> field("x", "x".repeat(10_000));
          });
    }
    HttpResponse<String> answer = upload(form);
    assertThat(answer.statusCode()).isEqualTo(param == null ? 200 : 400);
    if (param != null) {
      assertThat(
              Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
                  .at("/error/param")
                  .asString())
          .isEqualTo(param);
    }
    assertThat(server.files.files).hasSize(param == null ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "--a-boundary",
        "--a-boundary\r\nx",
        "--a-boundary\r\n\r\n",
        "--a-boundary\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a-boundary--",
        "--a-boundary\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx",
        "--a-boundary\r\nContent-Disposition: form-data; name=file; filename=\"a\r\n\r\nx",
        "--a-boundaryX\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--a-boundary--",
      })
  void brokenBodiesAreRefused(String body) throws Exception {
    HttpResponse<String> answer = post("multipart/form-data; boundary=" + BOUNDARY, ascii(body));
    assertThat(answer.statusCode()).isEqualTo(400);
    Await.until(() -> server.files.open.get() == 0);
  }

  @Test
  void tooManyPartsAndHeadsThatAreTooLongAreRefused() throws Exception {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      parts.add(field("f" + i, "x"));
    }
    assertThat(upload(parts).statusCode()).isEqualTo(400);
    assertThat(upload(List.of(field("f".repeat(20_000), "x"))).statusCode()).isEqualTo(400);
  }

  @Test
  void otherKindsOfBodiesAreRefused() throws Exception {
    assertThat(post("application/json", ascii("{}")).statusCode()).isEqualTo(415);
    assertThat(post("multipart/form-data", ascii("x")).statusCode()).isEqualTo(400);
    assertThat(post("multipart/form-data; boundary=" + "b".repeat(99), ascii("x")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aClientThatLeavesLeavesNothing() throws Exception {
    try (RawClient raw = server.raw()) {
      raw.send(
          "POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + ScriptedApi.KEY
              + "\r\nContent-Type: multipart/form-data; boundary="
              + BOUNDARY
              + "\r\nContent-Length: 1000000\r\n\r\n"
              + file("a.txt", "", ascii("hello")));
      Await.until(() -> server.files.open.get() == 1);
    }
    Await.until(() -> server.files.open.get() == 0);
    assertThat(server.files.files).isEmpty();
  }

  @Test
  void contentComesWithItsTypeAndAsAnAttachment() throws Exception {
    var _ =
        upload(
            List.of(
                field("purpose", "user_data"),
                file("a b.html", "text/html; charset=x", ascii("<p>"))));
    HttpResponse<String> answer = server.get("/v1/files/file_0/content");
    assertThat(answer.body()).isEqualTo("<p>");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(answer.headers().firstValue("content-length")).hasValue("3");
    assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("content-disposition"))
        .hasValue("attachment; filename*=UTF-8''a%20b.html");
    assertThat(server.method("HEAD", "/v1/files/file_0/content").body()).isEmpty();
    assertThat(server.get("/v1/files/file_9/content").statusCode()).isEqualTo(404);
  }

  @Test
  void typesThatMka1sClientDoesNotKnowAreTextForIt() throws Exception {
    var _ = upload(List.of(field("purpose", "user_data"), file("a.bin", "", ascii("x"))));
    assertThat(server.get("/v1/files/file_0/content").headers().firstValue("content-type"))
        .hasValue("application/octet-stream");
    assertThat(server.get("/api/v1/llm/files/file_0/content").headers().firstValue("content-type"))
        .hasValue("text/plain; charset=utf-8");
  }

  @Test
  void listsAndDeletesAreTheOwners() throws Exception {
    var _ = upload(List.of(field("purpose", "user_data"), file("a.txt", "", ascii("x"))));
    assertThat(server.get("/v1/files?purpose=user_data&limit=10000").body()).contains("file_0");
    assertThat(server.get("/v1/files?purpose=batch").body()).contains("\"data\":[]");
    assertThat(server.get("/v1/files?purpose=nonsense").statusCode()).isEqualTo(400);
    assertThat(server.get("/v1/files?limit=10001").statusCode()).isEqualTo(400);
    assertThat(server.send(server.to("/v1/files").header("x-on-behalf-of", "u")).body())
        .contains("\"data\":[]");
    assertThat(server.method("DELETE", "/v1/files/file_0").body())
        .isEqualTo("{\"id\":\"file_0\",\"object\":\"file\",\"deleted\":true}");
    assertThat(server.method("DELETE", "/v1/files/file_0").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> upload(List<String> parts) throws IOException, InterruptedException {
    String body = String.join("\r\n", parts) + "\r\n--" + BOUNDARY + "--\r\n";
    return post(
        "multipart/form-data; boundary=\"" + BOUNDARY + "\"",
        body.getBytes(StandardCharsets.ISO_8859_1));
  }

  private HttpResponse<String> post(String type, byte[] body)
      throws IOException, InterruptedException {
    return server.send(
        server
            .to("/v1/files")
            .header("content-type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private static String field(String name, String value) {
    return "--"
        + BOUNDARY
        + "\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value;
  }

  private static String head(String filename, String type) {
    String utf8 =
        new String(filename.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return "\r\n--"
        + BOUNDARY
        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
        + utf8.replace("\"", "\\\"")
        + "\"\r\n"
        + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
        + "\r\n";
  }

  /** One character a byte. */
  private static String file(String filename, String type, byte[] bytes) {
    return head(filename, type).substring(2) + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A body with many zeros in its middle. */
  private static final class Endless extends InputStream {
    private final byte[] head;
    private final long zeros;
    private final byte[] tail;
    private long at;

    Endless(byte[] head, long zeros, byte[] tail) {
      this.head = head;
      this.zeros = zeros;
      this.tail = tail;
    }

    @Override
    public int read() {
      long now = at++;
      if (now < head.length) {
        return head[(int) now];
      }
      long behind = now - head.length - zeros;
      return behind < 0 ? 0 : behind < tail.length ? tail[(int) behind] : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = 0;
      while (count < length) {
        int next = read();
        if (next < 0) {
          return count == 0 ? -1 : count;
        }
        into[offset + count++] = (byte) next;
      }
      return count;
    }
  }
}
