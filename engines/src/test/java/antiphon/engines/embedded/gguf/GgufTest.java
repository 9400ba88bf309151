package antiphon.engines.embedded.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.engines.embedded.TestModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GgufTest {

  /** Longer than the header of the default model. */
  private static final int HEAD = 2_000_000;

  @TempDir Path folder;

  @Test
  void theDefaultModelTellsWhatItIs() throws IOException {
    Gguf gguf = Gguf.read(TestModel.file());

    assertThat(gguf.architecture()).isEqualTo("llama");
    assertThat(gguf.contextLength()).isEqualTo(8192);
    assertThat(gguf.bytesPerToken()).isEqualTo(30 * 3 * (64 + 64) * 2);
    assertThat(gguf.text("tokenizer.chat_template")).get().asString().contains("<|im_start|>");
    assertThat(gguf.metadata().get("tokenizer.ggml.tokens"))
        .isInstanceOfSatisfying(
            GgufValue.Many.class, many -> assertThat(many.length()).isEqualTo(49_152));
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("no.gguf");

    assertThatThrownBy(() -> Gguf.read(missing))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("no.gguf");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.gguf"));

    assertThatThrownBy(() -> Gguf.read(empty))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("0 bytes");
  }

  @Test
  void garbageIsRefused() throws IOException {
    byte[] noise = new byte[10_000];
    RandomGenerator.of("L64X128MixRandom").nextBytes(noise);
    Path garbage = Files.write(folder.resolve("garbage.gguf"), noise);

    assertThatThrownBy(() -> Gguf.read(garbage))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("letters GGUF");
  }

  @Test
  void aBigEndianFileIsRefused() throws IOException {
    byte[] head = head();
    byte[] swapped = {head[7], head[6], head[5], head[4]};
    System.arraycopy(swapped, 0, head, 4, 4);

    assertThatThrownBy(() -> read(head, HEAD))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("big-endian");
  }

  @Test
  void aFileWithoutAllItsTensorsIsRefusedWithNumbers() throws IOException {
    assertThatThrownBy(() -> read(head(), 98_362_431))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("98362432")
        .hasMessageContaining("98362431");
    assertThat(read(head(), 98_362_432).tensors()).isEqualTo(272);
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 100, 5_000, 400_000, 1_500_000})
  void aFileCutInItsHeaderIsRefused(int length) throws IOException {
    byte[] cut = Arrays.copyOf(head(), length);

    assertThatThrownBy(() -> read(cut, length)).isInstanceOf(GgufException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void changedBytesEndInAnOrdinaryException(long seed) throws IOException {
    RandomGenerator random = new java.util.SplittableRandom(seed);
    byte[] head = head();
    for (int round = 0; round < 20; round++) {
      byte[] changed = head.clone();
      for (int i = 0; i < 3; i++) {
        changed[random.nextInt(round % 2 == 0 ? 2_000 : HEAD)] = (byte) random.nextInt();
      }
      try {
        read(changed, 98_362_432);
      } catch (GgufException e) {
        assertThat(e).as("seed %d round %d", seed, round).hasMessageContaining("test.gguf");
      }
    }
  }

  private Gguf read(byte[] head, long length) throws IOException {
    Path file = folder.resolve("test.gguf");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.write(head);
      out.setLength(length);
    }
    return Gguf.read(file);
  }

  private static byte[] head() throws IOException {
    try (var in = Files.newInputStream(TestModel.file())) {
      return in.readNBytes(HEAD);
    }
  }
}
