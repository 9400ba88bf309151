package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.llamacpp.PackageSource;
import antiphon.engines.model.ModelFetcher;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One file of settings, two models, a real child each: what a user sees by HTTP. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init")
class SeveralModelsLifeTest {

  private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "antiphon");
  private static final String KEY = "sk-several-0123456789abcdef";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path folder;

  private Process server;
  private URI address;

  @AfterEach
  void stop() throws InterruptedException {
    List<ProcessHandle> below = server.descendants().toList();
    server.destroy();
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    soon("no child is left", () -> below.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void theSecondModelRunsFromItsFirstRequestUntilItIsIdle() throws Exception {
    start("max_loaded: 2", "idle_seconds: 2");
    assertThat(models()).containsExactlyInAnyOrder("one", "two");
    soon("the first one has its child", () -> children() == 1);
    assertThat(log("two")).doesNotExist();

    JsonNode two = answer("two");
    assertThat(two.path("status").asString()).as("%s", two).isEqualTo("completed");
    assertThat(two.path("model").asString()).isEqualTo("two");
    assertThat(two.at("/output/0/content/0/text").asString()).isNotBlank();
    assertThat(log("two")).exists();
    soon("the second one's is gone when idle", () -> children() == 1);

    assertThat(answer("one").path("status").asString()).isEqualTo("completed");
    assertThat(answer("two").path("status").asString()).as("it comes back").isEqualTo("completed");
  }

  @Test
  void whereOneAloneMayBeLoadedTheyTakeTurns() throws Exception {
    start("max_loaded: 1", "idle_seconds: 600");
    soon("the first one has its child", () -> children() == 1);

    CompletableFuture<JsonNode> two = CompletableFuture.supplyAsync(() -> answer("two"));
    CompletableFuture<JsonNode> one = CompletableFuture.supplyAsync(() -> answer("one"));
    long most = 0;
    while (!two.isDone() || !one.isDone()) {
      most = Math.max(most, children());
      Thread.sleep(5);
    }
    assertThat(one.join().path("status").asString()).isEqualTo("completed");
    assertThat(two.join().path("status").asString()).isEqualTo("completed");
    assertThat(most).as("children at once").isEqualTo(1);
  }

  @Test
  void aModelWhoseFileIsDamagedLeavesTheOtherAlone() throws Exception {
    Path damaged = folder.resolve("damaged.gguf");
    try (var in = Files.newInputStream(model())) {
      Files.write(damaged, in.readNBytes(2000));
    }
    start(damaged, "max_loaded: 2", "idle_seconds: 600");
    HttpResponse<byte[]> refused = post("two");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(Json.tree(refused.body()).at("/error/message").asString()).contains("two");
    assertThat(answer("one").path("status").asString()).isEqualTo("completed");
  }

  private void start(String... how) throws Exception {
    start(model(), how);
  }

  /** Serves with the real program; the second model's file is given. */
  private void start(Path second, String... how) throws Exception {
    var _ = new PackageSource(CACHE.resolve("programs"), (_, _) -> {}).get();
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.createSymbolicLink(data.resolve("programs"), CACHE.resolve("programs"));
    Path file =
        Files.writeString(
            folder.resolve("antiphon.yaml"),
            """
            llama_cpp:
              %s
              context_length: 512
              slots: 1
              models:
                - {name: one, file: "%s"}
                - {name: two, file: "%s"}
            """
                .formatted(String.join("\n  ", how), model(), second));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "antiphon.server.Main",
            "serve",
            "--port=0",
            "--config=" + file,
            "--data=" + data);
    builder.environment().put("ANTIPHON_API_KEY", KEY);
    Path out = folder.resolve("out");
    server = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    Path told = data.resolve("run").resolve("address");
    soon("it is ready", () -> Files.exists(told) || ended(out));
    address = URI.create(Files.readString(told).strip());
  }

  /** Processes start here, which takes its time on a busy machine. */
  private static void soon(String what, BooleanSupplier so) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!so.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private boolean ended(Path out) {
    try {
      assertThat(server.isAlive()).as(() -> read(out)).isTrue();
      return false;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path model() throws Exception {
    return new ModelFetcher(CACHE.resolve("models")).fetch((_, _) -> {});
  }

  private Path log(String model) {
    return folder.resolve("data").resolve("llama.cpp").resolve(model + ".log");
  }

  /** How many of llama.cpp's servers run: each below a shell that is a child of the server. */
  private long children() {
    return server.children().filter(ProcessHandle::isAlive).count();
  }

  private List<String> models() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/v1/models"))
            .header("Authorization", "Bearer " + KEY)
            .build();
    JsonNode list = Json.tree(CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    return list.path("data").valueStream().map(model -> model.path("id").asString()).toList();
  }

  private JsonNode answer(String model) {
    HttpResponse<byte[]> response = post(model);
    assertThat(response.statusCode())
        .as(() -> new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return Json.tree(response.body());
  }

  private HttpResponse<byte[]> post(String model) {
    String body =
        """
        {"model":"%s","input":"Say hello.","temperature":0,"max_output_tokens":200}\
        """
            .formatted(model);
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/v1/responses"))
            .header("Authorization", "Bearer " + KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
