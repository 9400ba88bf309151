package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are no model: the child may die of one, this process tells why. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DamagedModelTest {

  private static final int HEAD = 4096;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aDamagedFileIsAMessage(Damage damage) throws Exception {
    Path file = folder.resolve("broken.gguf");
    damage.write(file);
    LlamaCppSettings settings =
        LlamaCppSettings.of("llama.cpp", List.of(LlamaModel.of(file)), folder.resolve("logs"))
            .within(Duration.ofMinutes(2), Duration.ofSeconds(30));
    try (LlamaCppEngine engine =
        new LlamaCppEngine(settings, RealChild.program(), InstantSource.system())) {
      assertThatThrownBy(() -> engine.generate(Turns.hello().on("broken"), new Heard()))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("broken")
          .hasMessageContaining(damage.cause)
          .satisfies(
              e -> assertThat(((EngineException) e).problem()).isInstanceOf(Problem.Engine.class));
      assertThat(engine.state("broken")).isInstanceOf(ChildState.Failed.class);
    }
  }

  /** What may be wrong with a file. */
  enum Damage {
    MISSING("there is no file"),
    EMPTY("load"),
    TEXT("load"),
    CUT_IN_THE_HEAD("load"),
    CUT_IN_THE_NAMES("load"),
    CUT_IN_THE_WEIGHTS("not within the file bounds"),
    OTHER_MAGIC("load"),
    OTHER_VERSION("load"),
    COUNT_OF_TENSORS("load"),
    COUNT_OF_KEYS("load"),
    LENGTH_OF_A_KEY("load"),
    KIND_OF_A_VALUE("load"),
    UNKNOWN_ARCHITECTURE("unknown model architecture: 'lambs'");

    private final String cause;

    Damage(String cause) {
      this.cause = cause;
    }

    void write(Path file) throws IOException {
      Path good;
      try {
        good = RealChild.model();
      } catch (Exception e) {
        throw new IOException(e);
      }
      switch (this) {
        case MISSING -> {}
        case EMPTY -> Files.createFile(file);
        case TEXT -> Files.writeString(file, "This is no model.\n".repeat(100));
        case CUT_IN_THE_HEAD -> Files.write(file, beginning(good, 20));
        case CUT_IN_THE_NAMES -> Files.write(file, beginning(good, 500_000));
        case CUT_IN_THE_WEIGHTS -> Files.write(file, beginning(good, 20_000_000));
        case OTHER_MAGIC -> overwrite(good, file, 0, "GGML".getBytes(StandardCharsets.US_ASCII));
        case OTHER_VERSION -> overwrite(good, file, 4, little(99, 4));
        case COUNT_OF_TENSORS -> overwrite(good, file, 8, little(Long.MAX_VALUE, 8));
        case COUNT_OF_KEYS -> overwrite(good, file, 16, little(1L << 40, 8));
        case LENGTH_OF_A_KEY -> overwrite(good, file, 24, little(-1, 8));
        case KIND_OF_A_VALUE -> overwrite(good, file, kindOfFirstValue(good), little(77, 4));
        case UNKNOWN_ARCHITECTURE -> unknownArchitecture(good, file);
      }
    }

    private static byte[] beginning(Path good, int bytes) throws IOException {
      try (var in = Files.newInputStream(good)) {
        return in.readNBytes(bytes);
      }
    }

    private static void overwrite(Path good, Path file, long at, byte[] bytes) throws IOException {
      Files.copy(good, file);
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.seek(at);
        out.write(bytes);
      }
    }

    private static byte[] little(long value, int bytes) {
      byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
      return Arrays.copyOf(all, bytes);
    }

    /** Behind the magic, the version, two counts, and the first key with its length. */
    private static long kindOfFirstValue(Path good) throws IOException {
      ByteBuffer head = ByteBuffer.wrap(beginning(good, HEAD)).order(ByteOrder.LITTLE_ENDIAN);
      return 24 + 8 + head.getLong(24);
    }

    /** The word stands once as the value, and again in front of each of its keys. */
    private static void unknownArchitecture(Path good, Path file) throws IOException {
      byte[] head = beginning(good, HEAD);
      byte[] word = "llama".getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i + word.length <= head.length; i++) {
        if (Arrays.equals(Arrays.copyOfRange(head, i, i + word.length), word)) {
          overwrite(good, file, i, "lambs".getBytes(StandardCharsets.US_ASCII));
          return;
        }
      }
      throw new IOException("the model names no architecture");
    }
  }
}
