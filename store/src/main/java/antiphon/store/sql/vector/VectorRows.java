package antiphon.store.sql.vector;

import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.AttachedFile.Code;
import antiphon.core.vector.AttachedFile.Failure;
import antiphon.core.vector.AttachedFile.Status;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.json.Json;
import antiphon.protocol.vector.FileCounts;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Between rows of vector stores and the port's records. */
public final class VectorRows {

  public static final String STORE_COLUMNS =
      """
      t.tenant, t.end_user, t.id, t.row_id, t.name, t.description, t.metadata, t.expires_days,
      t.embedding_model, t.dimensions, t.created_at, t.last_active_at, t.version, t.floor
      """;

  static final String FILE_COLUMNS =
      """
      s.tenant, s.end_user, s.id, t.id, t.row_id, t.batch, t.status, t.error_code, t.error_message,
      t.filename, t.sha256, t.auto_chunking, t.max_tokens, t.overlap_tokens, t.attributes,
      t.usage_bytes, t.chunk_count, t.processed, t.page_count, t.created_at, t.changed
      """;

  public static final String FILES =
      "SELECT "
          + FILE_COLUMNS
          + " FROM vector_files t JOIN vector_stores s ON s.row_id = t.store_row WHERE ";

  public static final String CHUNK_COLUMNS = "c.number, c.text, c.heading, c.page, c.vector";

  private static final String COUNTS =
      """
      SELECT f.status, count(*), sum(f.usage_bytes) FROM vector_files f
      WHERE f.store_row = ? GROUP BY f.status
      """;

  private static final String BATCH_COUNTS =
      """
      SELECT f.status, count(*), sum(f.usage_bytes) FROM vector_files f
      WHERE f.store_row = ? AND f.batch = ? GROUP BY f.status
      """;

  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
  private static final TypeReference<Map<String, JsonNode>> VALUES = new TypeReference<>() {};

  /**
   * How many files there are, and what they take up.
   *
   * @param bytes of their chunks
   */
  record Counted(FileCounts counts, long bytes) {}

  private VectorRows() {}

  public static List<Object> key(VectorStoreId id) {
    return List.of(id.owner().tenant(), Columns.endUser(id.owner()), id.value());
  }

  static Counted counts(Session session, long storeRow) throws SQLException {
    return counted(session.list(VectorRows::count, COUNTS, storeRow));
  }

  static Counted counts(Session session, long storeRow, String batch) throws SQLException {
    return counted(session.list(VectorRows::count, BATCH_COUNTS, storeRow, batch));
  }

  private record Count(Status status, int files, long bytes) {}

  private static Count count(ResultSet row) throws SQLException {
    return new Count(status(row.getString(1)), row.getInt(2), row.getLong(3));
  }

  private static Counted counted(List<Count> found) {
    Map<Status, Integer> files = new EnumMap<>(Status.class);
    long bytes = 0;
    int total = 0;
    for (Count count : found) {
      if (count.status != Status.DELETED) {
        files.put(count.status, count.files);
        bytes += count.bytes;
        total += count.files;
      }
    }
    return new Counted(
        new FileCounts(
            files.getOrDefault(Status.IN_PROGRESS, 0),
            files.getOrDefault(Status.COMPLETED, 0),
            files.getOrDefault(Status.FAILED, 0),
            files.getOrDefault(Status.CANCELLED, 0),
            total),
        bytes);
  }

  /** A row of {@link #STORE_COLUMNS}; how many files it has is not in it. */
  public static VectorStore store(ResultSet row) throws SQLException {
    return new VectorStore(
        new VectorStoreId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        Json.readStored(row.getBytes(7), TEXTS),
        nullableInt(row, 8),
        row.getString(9),
        row.getInt(10),
        row.getLong(11),
        row.getLong(12),
        0,
        new FileCounts(0, 0, 0, 0, 0),
        row.getLong(13),
        row.getLong(14));
  }

  static VectorStore with(VectorStore store, Counted counted) {
    return new VectorStore(
        store.id(),
        store.row(),
        store.name(),
        store.description(),
        store.metadata(),
        store.expiresDays(),
        store.embeddingModel(),
        store.dimensions(),
        store.createdAt(),
        store.lastActiveAt(),
        counted.bytes(),
        counted.counts(),
        store.version(),
        store.floor());
  }

  /** A row of {@link #FILE_COLUMNS}. */
  public static AttachedFile file(ResultSet row) throws SQLException {
    String batch = row.getString(6);
    return new AttachedFile(
        new VectorStoreId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        row.getString(4),
        row.getLong(5),
        batch.isEmpty() ? null : batch,
        status(row.getString(7)),
        failure(row.getString(8), row.getString(9)),
        row.getString(10),
        row.getString(11),
        new Chunking(row.getBoolean(12), row.getInt(13), row.getInt(14)),
        Json.readStored(row.getBytes(15), VALUES),
        row.getLong(16),
        nullableInt(row, 17),
        row.getInt(18),
        nullableInt(row, 19),
        row.getLong(20),
        row.getLong(21));
  }

  private static @Nullable Failure failure(@Nullable String code, @Nullable String message) {
    return code == null
        ? null
        : new Failure(
            Arrays.stream(Code.values())
                .filter(known -> known.wire().equals(code))
                .findFirst()
                .orElse(Code.SERVER_ERROR),
            message == null ? "" : message);
  }

  private static Status status(String text) {
    for (Status status : Status.values()) {
      if (status.wire().equals(text)) {
        return status;
      }
    }
    throw new IllegalStateException("no such status: " + text);
  }

  /** A row of {@link #CHUNK_COLUMNS}, which begin at this column. */
  public static Chunk chunk(ResultSet row, int first) throws SQLException {
    return new Chunk(
        row.getInt(first),
        row.getString(first + 1),
        row.getString(first + 2),
        nullableInt(row, first + 3),
        floats(row.getBytes(first + 4)));
  }

  static byte[] bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static float[] floats(byte[] bytes) {
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] vector = new float[floats.remaining()];
    floats.get(vector);
    return vector;
  }

  static @Nullable Integer nullableInt(ResultSet row, int column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }
}
