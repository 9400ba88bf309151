package antiphon.store.sql;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.Attaching;
import antiphon.core.vector.Changes;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.FileBatch;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.vector.VectorFileRows;
import antiphon.store.sql.vector.VectorPurge;
import antiphon.store.sql.vector.VectorQueue;
import antiphon.store.sql.vector.VectorRows;
import antiphon.store.sql.vector.VectorStoreRows;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Vector stores in a SQL database. */
final class SqlVectorCatalog implements VectorCatalog {

  private static final String CHUNKS =
      "SELECT "
          + VectorRows.CHUNK_COLUMNS
          + " FROM vector_chunks c WHERE c.file_row = ? AND c.number >= ?"
          + " ORDER BY c.number LIMIT ?";

  private static final String CHUNK =
      "SELECT "
          + VectorRows.CHUNK_COLUMNS
          + " FROM vector_chunks c WHERE c.file_row = ? AND c.number = ?";

  private static final String COMPLETED =
      VectorRows.FILES + "t.row_id = ? AND t.status = 'completed' AND NOT s.deleted";

  private static final String LIVES =
      "SELECT t.row_id FROM vector_stores t WHERE t.row_id = ? AND NOT t.deleted";

  private static final String FORGETFUL =
      "SELECT "
          + VectorRows.STORE_COLUMNS
          + """
           FROM vector_stores t WHERE NOT t.deleted AND t.row_id IN (
            SELECT f.store_row FROM vector_files f
            WHERE f.deleted_at IS NOT NULL AND f.deleted_at >= ?)
          """;

  private final Database database;
  private final InstantSource clock;
  private final BooleanSupplier erase;

  /**
   * @param erase takes what was deleted out of the database's log; false to be tried again
   */
  SqlVectorCatalog(Database database, InstantSource clock, BooleanSupplier erase) {
    this.database = database;
    this.clock = clock;
    this.erase = erase;
  }

  private <T> T write(String what, Write<T> write) {
    database.requireWrite(what);
    return database.writeAlone(what, write);
  }

  @Override
  public VectorStore create(VectorStore.Fresh store) {
    return write("create vector store", s -> VectorStoreRows.create(s, store));
  }

  @Override
  public Optional<VectorStore> find(VectorStoreId id) {
    return database.read("find vector store", s -> VectorStoreRows.find(s, id));
  }

  @Override
  public Optional<Page<VectorStore>> list(Owner owner, PageRequest page) {
    return database.read("list vector stores", s -> VectorStoreRows.list(s, owner, page));
  }

  @Override
  public Optional<VectorStore> update(VectorStoreId id, VectorStore.Settings settings) {
    return write("update vector store", s -> VectorStoreRows.update(s, id, settings));
  }

  @Override
  public boolean delete(VectorStoreId id) {
    return write("delete vector store", s -> VectorStoreRows.delete(s, id));
  }

  @Override
  public void touch(VectorStore store) {
    if (store.lastActiveAt() < clock.millis() - Duration.ofMinutes(1).toMillis()) {
      database.writeAlone(
          "touch vector store",
          s -> {
            VectorStoreRows.touch(s, store.row());
            return true;
          });
    }
  }

  @Override
  public boolean lives(long storeRow) {
    return database
        .read("find a row", s -> s.first(row -> row.getLong(1), LIVES, storeRow))
        .isPresent();
  }

  @Override
  public List<VectorStoreId> expired(int limit) {
    return database.read("expired vector stores", s -> VectorStoreRows.expired(s, limit));
  }

  @Override
  public Attaching attach(
      VectorStoreId id,
      @Nullable String batch,
      List<AttachedFile.Fresh> files,
      boolean skipDuplicates) {
    return write("attach files", s -> VectorFileRows.attach(s, id, batch, files, skipDuplicates));
  }

  @Override
  public Optional<AttachedFile> findFile(VectorStoreId id, String fileId) {
    return database.read("find attached file", s -> VectorFileRows.find(s, id, fileId));
  }

  @Override
  public Optional<Page<AttachedFile>> listFiles(
      VectorStoreId id,
      @Nullable String batch,
      AttachedFile.@Nullable Status status,
      PageRequest page) {
    return database.read(
        "list attached files", s -> VectorFileRows.list(s, id, batch, status, page));
  }

  @Override
  public Optional<AttachedFile> setAttributes(
      VectorStoreId id, String fileId, Map<String, JsonNode> attributes) {
    return write("set attributes", s -> VectorFileRows.setAttributes(s, id, fileId, attributes));
  }

  @Override
  public boolean detach(VectorStoreId id, String fileId) {
    return write("detach file", s -> VectorFileRows.detach(s, id, fileId));
  }

  @Override
  public Optional<FileBatch> findBatch(VectorStoreId id, String batch) {
    return database.read("find batch", s -> VectorFileRows.findBatch(s, id, batch));
  }

  @Override
  public Optional<FileBatch> cancelBatch(VectorStoreId id, String batch) {
    return write("cancel batch", s -> VectorFileRows.cancelBatch(s, id, batch));
  }

  @Override
  public List<IndexJob> claim(String node, int limit, Duration lease) {
    return database.writeAlone("claim files", s -> VectorQueue.claim(s, node, limit, lease));
  }

  @Override
  public List<IndexJob> extend(Collection<IndexJob> jobs, Duration lease) {
    List<IndexJob> all = List.copyOf(jobs);
    return database.writeAlone("extend files", s -> VectorQueue.extend(s, all, lease));
  }

  @Override
  public boolean cut(IndexJob job, int chunks, @Nullable Integer pages) {
    return database.writeAlone("cut file", s -> VectorQueue.cut(s, job, chunks, pages));
  }

  @Override
  public boolean add(IndexJob job, List<Chunk> chunks) {
    return database.writeAlone("add chunks", s -> VectorQueue.add(s, job, chunks));
  }

  @Override
  public boolean complete(IndexJob job) {
    return database.writeAlone("complete file", s -> VectorQueue.complete(s, job));
  }

  @Override
  public boolean fail(IndexJob job, AttachedFile.Failure failure) {
    return database.writeAlone("fail file", s -> VectorQueue.fail(s, job, failure));
  }

  @Override
  public void release(IndexJob job) {
    database.writeAlone("release file", s -> VectorQueue.release(s, job));
  }

  @Override
  public Changes changes(long storeRow, long after, int limit) {
    return database.read(
        "changes of a store", s -> VectorFileRows.changes(s, storeRow, after, limit));
  }

  @Override
  public List<Chunk> chunks(long fileRow, int from, int limit) {
    return database.read(
        "chunks", s -> s.list(row -> VectorRows.chunk(row, 1), CHUNKS, fileRow, from, limit));
  }

  @Override
  public List<Placed> chunks(List<Place> places) {
    return database.read("placed chunks", s -> placed(s, places));
  }

  private static List<Placed> placed(Session session, List<Place> places) throws SQLException {
    Map<Long, Optional<AttachedFile>> files = new HashMap<>();
    List<Placed> found = new ArrayList<>();
    for (Place place : places) {
      Optional<AttachedFile> file = files.get(place.fileRow());
      if (file == null) {
        file = session.first(VectorRows::file, COMPLETED, place.fileRow());
        files.put(place.fileRow(), file);
      }
      Optional<Chunk> chunk =
          session.first(row -> VectorRows.chunk(row, 1), CHUNK, place.fileRow(), place.number());
      if (file.isPresent() && chunk.isPresent()) {
        found.add(new Placed(file.get(), chunk.get()));
      }
    }
    return found;
  }

  @Override
  public List<VectorStore> forgetful(long since) {
    return database.read("forgetful stores", s -> s.list(VectorRows::store, FORGETFUL, since));
  }

  @Override
  public int purge(int batch) {
    return database.writeAlone("purge vector stores", s -> VectorPurge.purge(s, batch));
  }

  @Override
  public boolean erase() {
    return erase.getAsBoolean();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }
}
