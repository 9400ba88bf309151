package antiphon.store.sqlite;

import antiphon.core.file.BlobStore;
import antiphon.core.file.FileStore;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorPermissions;
import antiphon.testkit.file.BlobStoreContract;
import antiphon.testkit.file.FileStoreContract;
import antiphon.testkit.vector.VectorCatalogContract;
import antiphon.testkit.vector.VectorPermissionsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of files, of their bytes and of vector stores, over SQLite. */
final class SqliteFileStoreTest {

  @TempDir private Path folder;
  private SqliteStore store;

  @BeforeEach
  void open() {
    store = SqliteStore.open(folder.resolve("data.db"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Nested
  final class Files extends FileStoreContract {
    @Override
    protected FileStore files() {
      return store.files();
    }
  }

  @Nested
  final class Blobs extends BlobStoreContract {
    @Override
    protected BlobStore blobs() {
      return store.blobs();
    }
  }

  @Nested
  final class Vectors extends VectorCatalogContract {
    @Override
    protected VectorCatalog catalog() {
      return store.vectors();
    }

    @Override
    protected FileStore files() {
      return store.files();
    }
  }

  @Nested
  final class Permissions extends VectorPermissionsContract {
    @Override
    protected VectorPermissions permissions() {
      return store.permissions();
    }

    @Override
    protected VectorCatalog catalog() {
      return store.vectors();
    }
  }
}
