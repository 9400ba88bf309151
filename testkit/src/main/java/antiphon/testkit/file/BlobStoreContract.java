package antiphon.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.file.BlobStore;
import antiphon.core.file.BlobStore.Blob;
import antiphon.core.file.BlobStore.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything a store of bytes must do. */
public abstract class BlobStoreContract {

  /** Everything is older than this by its own clock, for sweeps. */
  private static final Duration ANY_AGE = Duration.ofMinutes(-1);

  /** The store under test. */
  protected abstract BlobStore blobs();

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 524_287, 524_288, 524_289, 3_000_000})
  void whatIsKeptIsReadAgain(int length) throws Exception {
    byte[] bytes = bytes(length);
    Blob blob = keep(bytes, 70_001);

    assertThat(blob.bytes()).isEqualTo(length);
    assertThat(blob.sha256()).isEqualTo(sha256(bytes));
    assertThat(read(blob.name())).isEqualTo(bytes);
  }

  @Test
  void nothingIsReadByteByByteThatWasNotWritten() throws Exception {
    Blob blob = keep(new byte[] {0, -1, 7}, 2);
    try (InputStream in = blobs().open(blob.name())) {
      assertThat(List.of(in.read(), in.read(), in.read(), in.read(), in.read()))
          .containsExactly(0, 255, 7, -1, -1);
    }
  }

  @Test
  void anUploadThatIsNotKeptLeavesNothing() throws Exception {
    byte[] bytes = bytes(100_000);
    Upload upload = blobs().begin();
    upload.write(bytes, 0, bytes.length);
    upload.close();

    assertThat(blobs().sweep(ANY_AGE, _ -> true)).isEmpty();
    assertThatThrownBy(() -> read(sha256(bytes))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aHalfUploadIsSweptAway() throws Exception {
    byte[] bytes = bytes(600_000);
    Upload upload = blobs().begin();
    upload.write(bytes, 0, bytes.length);

    assertThat(blobs().sweep(Duration.ofHours(1), _ -> false)).isEmpty();
    assertThat(blobs().sweep(ANY_AGE, _ -> true)).hasSize(1);
    assertThat(blobs().sweep(ANY_AGE, _ -> true)).isEmpty();
    upload.close();
  }

  @Test
  void whatIsDeletedIsGone() throws Exception {
    Blob blob = keep(bytes(2_000_000), 65_536);
    blobs().delete(blob.name());

    assertThatThrownBy(() -> read(blob.name())).isInstanceOf(NoSuchFileException.class);
    blobs().delete(blob.name());
    assertThat(blobs().sweep(ANY_AGE, _ -> false)).isEmpty();
  }

  @Test
  void theSameBytesTwiceAreBothThere() throws Exception {
    byte[] bytes = bytes(5000);
    Blob first = keep(bytes, 100);
    Blob second = keep(bytes, 4999);

    assertThat(second.sha256()).isEqualTo(first.sha256());
    assertThat(read(first.name())).isEqualTo(bytes);
    assertThat(read(second.name())).isEqualTo(bytes);
  }

  @Test
  void sweepingRemovesWhatNobodyUses() throws Exception {
    Blob used = keep(bytes(10), 10);
    Blob unused = keep(bytes(11), 11);

    assertThat(blobs().sweep(Duration.ofHours(1), _ -> false)).isEmpty();
    assertThat(blobs().sweep(ANY_AGE, used.name()::equals)).containsExactly(unused.name());
    assertThat(read(used.name())).hasSize(10);
    assertThatThrownBy(() -> read(unused.name())).isInstanceOf(NoSuchFileException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../../etc/passwd", "/etc/passwd", "no such name"})
  void aNameThatIsNoneIsNotThere(String name) throws Exception {
    assertThatThrownBy(() -> read(name)).isInstanceOf(NoSuchFileException.class);
  }

  private Blob keep(byte[] bytes, int atOnce) throws IOException {
    try (Upload upload = blobs().begin()) {
      for (int at = 0; at < bytes.length; at += atOnce) {
        upload.write(bytes, at, Math.min(atOnce, bytes.length - at));
      }
      return upload.keep();
    }
  }

  private byte[] read(String name) throws IOException {
    try (InputStream in = blobs().open(name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
