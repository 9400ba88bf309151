package antiphon.engines.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server that breaks off, changes its mind, or has something else. */
@Timeout(30)
@SuppressWarnings("NullAway.Init")
class ModelFolderTest {

  private static final int SIZE = 300_000;

  @TempDir Path root;

  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private byte[] content = model(1);
  private String tag = "\"one\"";
  private int breakAt = Integer.MAX_VALUE;
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean falling;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private ModelFolder folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
    folder = new ModelFolder(root.resolve("models"));
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static byte[] model(int seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    System.arraycopy("GGUF".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 4);
    return bytes;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String mark = exchange.getRequestHeaders().getFirst("If-Range");
    ranges.add(range == null ? "all" : range);
    boolean rest = range != null && tag.equals(mark);
    int from = rest ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    exchange.getResponseHeaders().set("ETag", tag);
    exchange.sendResponseHeaders(rest ? 206 : 200, content.length - from);
    int to = Math.min(content.length, breakAt);
    var out = exchange.getResponseBody();
    out.write(content, from, to - from);
    out.flush();
    if (falling) {
      awaitEnd();
    }
    if (to < content.length) {
      // It has told more than it sends; what a handler throws closes the connection.
      throw new IOException("broken off");
    }
    exchange.close();
  }

  private void awaitEnd() {
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/org/my.gguf");
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of()
        .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aWholeFileIsListedAndRemoved() throws Exception {
    List<Long> seen = new ArrayList<>();
    Path file =
        folder.pull(
            address(),
            sha256(content),
            (done, total) -> {
              assertThat(total).isEqualTo(SIZE);
              seen.add(done);
            });
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(seen).isSorted().last().isEqualTo((long) SIZE);
    assertThat(folder.list()).containsExactly(file);
    assertThat(folder.pull(address(), null, (_, _) -> {})).isEqualTo(file);
    assertThat(ranges).as("what is here is not fetched again").hasSize(1);
    assertThat(folder.remove("../my.gguf")).isFalse();
    assertThat(folder.remove("my.gguf")).isTrue();
    assertThat(folder.remove("my.gguf")).isFalse();
    assertThat(folder.list()).isEmpty();
  }

  @Test
  void whatBrokeOffGoesOn() throws Exception {
    breakAt = 100_000;
    assertThatThrownBy(() -> folder.pull(address(), null, (_, _) -> {}))
        .isInstanceOf(IOException.class);
    assertThat(folder.list()).isEmpty();
    breakAt = Integer.MAX_VALUE;
    Path file = folder.pull(address(), sha256(content), (_, _) -> {});
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(ranges.getLast()).matches("bytes=[1-9]\\d*-");
  }

  @Test
  void aServerThatFallsSilentEndsItAndTheNextTryGoesOn() throws Exception {
    ModelFolder patient = new ModelFolder(root.resolve("models"), Duration.ofMillis(1500));
    breakAt = 100_000;
    falling = true;
    assertThatThrownBy(() -> patient.pull(address(), null, (_, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing more");
    assertThat(patient.list()).isEmpty();
    assertThat(root.resolve("models/my.gguf.part")).isNotEmptyFile();

    breakAt = Integer.MAX_VALUE;
    falling = false;
    Path file = patient.pull(address(), sha256(content), (_, _) -> {});
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(ranges.getLast()).matches("bytes=[1-9]\\d*-");
  }

  @Test
  void aServerThatNeverAnswersEndsItToo() throws Exception {
    server.createContext("/mute/", _ -> awaitEnd());
    ModelFolder patient = new ModelFolder(root.resolve("models"), Duration.ofMillis(300));
    assertThatThrownBy(() -> patient.pull(address().resolve("/mute/my.gguf"), null, (_, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has not answered");
  }

  @Test
  void whereNobodyListensIsSaid() {
    URI nobody = address();
    server.stop(0);
    assertThatThrownBy(() -> folder.pull(nobody, null, (_, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(nobody.toString());
  }

  @Test
  void anotherFileIsNotPutTogetherWithTheFirstOnesHalf() throws Exception {
    breakAt = 100_000;
    assertThatThrownBy(() -> folder.pull(address(), null, (_, _) -> {}))
        .isInstanceOf(IOException.class);
    breakAt = Integer.MAX_VALUE;
    content = model(2);
    tag = "\"two\"";
    Path file = folder.pull(address(), null, (_, _) -> {});
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  @Test
  void anotherChecksumIsADamagedDownload() {
    assertThatThrownBy(() -> folder.pull(address(), "00", (_, _) -> {}))
        .hasMessageContaining("SHA-256");
    assertThat(root.resolve("models/my.gguf")).doesNotExist();
    assertThat(root.resolve("models/my.gguf.part")).doesNotExist();
  }

  @Test
  void aPageIsNoModel() {
    content = Arrays.copyOf("<html>".getBytes(StandardCharsets.UTF_8), 1000);
    assertThatThrownBy(() -> folder.pull(address(), null, (_, _) -> {}))
        .hasMessageContaining("no GGUF file");
    assertThat(root.resolve("models/my.gguf")).doesNotExist();
  }

  @Test
  void namesOnTheHub() {
    URI hub = URI.create("http://hub/");
    assertThat(HubName.address("org/repo:a/b.gguf", hub))
        .hasToString("http://hub/org/repo/resolve/main/a/b.gguf");
    assertThat(HubName.address("https://x/y.gguf", hub)).hasToString("https://x/y.gguf");
    assertThatThrownBy(() -> HubName.address("repo", hub)).hasMessageContaining("OWNER/REPOSITORY");
  }
}
