package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import antiphon.engines.llamacpp.LlamaCppEngine;
import antiphon.engines.llamacpp.LlamaCppSettings;
import antiphon.engines.llamacpp.LlamaModel;
import antiphon.engines.llamacpp.PackageSource;
import antiphon.engines.model.ModelFetcher;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a process ends that has llama.cpp's server as its child, the child ends too. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ChildEndsTest {

  private static final int SIGINT = 2;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-KILL", "-TERM", "-INT"})
  void noChildIsLeft(String signal) throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("ready");
      assumeFalse(
          signal.equals("-INT") && ignoresInterrupts(parent),
          "whoever began these tests in the background has its children ignore SIGINT");
      List<ProcessHandle> below = parent.descendants().toList();
      assertThat(below).isNotEmpty();
      new ProcessBuilder("kill", signal, Long.toString(parent.pid())).start().waitFor();
      assertThat(parent.waitFor(1, TimeUnit.MINUTES)).as("the parent has ended").isTrue();
      Await.until("they are gone", () -> below.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      parent.destroyForcibly();
    }
  }

  private static boolean ignoresInterrupts(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
        .anyMatch(ignored -> (ignored & 1 << (SIGINT - 1)) != 0);
  }

  /** A process that has a child and does nothing about its own end. */
  static final class Parent {

    private Parent() {}

    public static void main(String[] args) throws Exception {
      Path cache = Path.of(System.getProperty("user.home"), ".cache", "antiphon");
      Path file = new ModelFetcher(cache.resolve("models")).fetch((_, _) -> {});
      LlamaModel model = LlamaModel.of(file);
      LlamaCppEngine engine =
          new LlamaCppEngine(
              LlamaCppSettings.of("llama.cpp", List.of(model), Path.of(args[0])),
              new PackageSource(cache.resolve("programs"), (_, _) -> {}),
              InstantSource.system());
      engine.generate(
          Turns.of(
              "{\"model\":\"%s\",\"input\":\"Hi.\",\"max_output_tokens\":1}".formatted(model.id())),
          new Heard());
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }
}
