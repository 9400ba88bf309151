package antiphon.server.wiring;

import antiphon.core.file.BlobStore;
import antiphon.core.file.FileStore;

/**
 * Where files are kept.
 *
 * @param files what is known of them
 * @param blobs their bytes
 */
public record KnowledgeStorage(FileStore files, BlobStore blobs) implements AutoCloseable {

  @Override
  public void close() {
    blobs.close();
  }
}
