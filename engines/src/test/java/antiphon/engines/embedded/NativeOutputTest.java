package antiphon.engines.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.embedded.decode.Decoder;
import antiphon.engines.embedded.decode.DecoderSettings;
import antiphon.engines.embedded.decode.GenerationEvent;
import antiphon.engines.embedded.decode.GenerationRequest;
import antiphon.engines.embedded.decode.Sampling;
import antiphon.engines.embedded.gguf.GgufException;
import antiphon.engines.embedded.llama.LlamaLibrary;
import antiphon.engines.embedded.llama.LlamaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs another process, since only there all that reaches its two outputs can be seen. */
final class NativeOutputTest {

  @TempDir Path folder;

  @Test
  void nothingNativeReachesTheProcesssOutputs() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                TestModel.file().toString(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();

    assertThat(Files.readAllLines(output))
        .filteredOn(line -> !line.startsWith("SLF4J"))
        .containsExactly("done");
    assertThat(process.exitValue()).isZero();
  }

  /** Loads, runs, fails and closes. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
      LlamaLibrary library = LlamaLibrary.get();
      Path file = Path.of(args[0]);
      try (LlamaModel model = LlamaModel.load(library, file);
          Decoder decoder = new Decoder(model, new DecoderSettings(1, 128, 1, 1, 32))) {
        var generation =
            decoder.start(
                new GenerationRequest(
                    model.tokenize("Hello"), Sampling.greedy(), List.of(), 4, true, null));
        while (!(generation.next() instanceof GenerationEvent.Over)) {
          // Until it is over.
        }
      }
      refused(library, brokenCopy(file, Path.of(args[1])));
      System.out.println("done");
    }

    /** Whole by its header, but of a kind llama.cpp does not know: refused in native code. */
    private static Path brokenCopy(Path file, Path folder) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      byte[] known = "general.architecture".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      int at = 0;
      while (!java.util.Arrays.equals(bytes, at, at + known.length, known, 0, known.length)) {
        at++;
      }
      byte[] keys = "llama.".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      for (int i = 0; i + keys.length < 2_000_000; i++) {
        boolean key = java.util.Arrays.equals(bytes, i, i + keys.length, keys, 0, keys.length);
        if (key || i == at + known.length + 12) {
          bytes[i] = 'x';
        }
      }
      return Files.write(folder.resolve("other.gguf"), bytes);
    }

    private static void refused(LlamaLibrary library, Path file) {
      try {
        LlamaModel.load(library, file).close();
        System.out.println("loaded what it should not");
      } catch (GgufException e) {
        System.out.println("refused before native code: " + e.getMessage());
      } catch (Exception e) {
        if (!String.valueOf(e.getMessage()).contains("xlama")) {
          System.out.println("not explained: " + e);
        }
      }
    }
  }
}
