package antiphon.engines.llamacpp;

import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.model.ModelFetcher;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/** The real program and the default model, fetched once for all test runs. */
final class RealChild {

  private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "antiphon");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RealChild() {}

  static Path model() throws Exception {
    return new ModelFetcher(CACHE.resolve("models")).fetch((_, _) -> {});
  }

  static ProgramSource program() {
    return new PackageSource(CACHE.resolve("programs"), (_, _) -> {});
  }

  /** The running child of an engine. */
  static Running running(LlamaCppEngine engine, String model) throws Exception {
    await(() -> engine.state(model) instanceof Running);
    return (Running) engine.state(model);
  }

  /** The processes below a child: the shell's own, and what it runs. */
  static List<ProcessHandle> below(Running running) {
    return running.child().handle().descendants().toList();
  }

  /** Whether any of its slots works. */
  static boolean busy(Running running) {
    for (JsonNode slot : slots(running)) {
      if (slot.path("is_processing").asBoolean()) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode slots(Running running) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running.child().address() + "/slots"))
            .header("Authorization", "Bearer " + running.child().key())
            .build();
    try {
      return Json.tree(CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    await(condition, Duration.ofSeconds(60));
  }

  static void await(BooleanSupplier condition, Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + most);
      }
      Thread.sleep(1);
    }
  }
}
