package antiphon.knowledge.blob;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.file.BlobStore;
import antiphon.testkit.file.BlobStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores of bytes, over a folder. */
final class FolderBlobsTest extends BlobStoreContract {

  @TempDir private Path folder;
  private FolderBlobs blobs;

  @BeforeEach
  void open() {
    blobs = new FolderBlobs(folder, InstantSource.system());
  }

  @Override
  protected BlobStore blobs() {
    return blobs;
  }

  @Test
  void theSameBytesAreOnTheDiskOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (BlobStore.Upload upload = blobs.begin()) {
        upload.write(new byte[] {1, 2, 3}, 0, 3);
        var _ = upload.keep();
      }
    }
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }
}
