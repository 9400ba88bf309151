package antiphon.server.wiring;

import antiphon.core.file.BlobStore;
import antiphon.core.file.FileStore;
import antiphon.core.memory.MemoryStore;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorPermissions;
import java.nio.file.Path;

/**
 * Where files and what is made of them are kept.
 *
 * @param files what is known of files
 * @param blobs their bytes
 * @param vectors vector stores
 * @param permissions who may use them
 * @param memory what responses were about
 * @param folder for what is made of these and can be made again, on this machine
 * @param shared whether other nodes have the same store, and maybe the same folder
 */
public record KnowledgeStorage(
    FileStore files,
    BlobStore blobs,
    VectorCatalog vectors,
    VectorPermissions permissions,
    MemoryStore memory,
    Path folder,
    boolean shared)
    implements AutoCloseable {

  @Override
  public void close() {
    blobs.close();
  }
}
