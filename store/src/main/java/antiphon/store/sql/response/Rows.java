package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import antiphon.protocol.response.Usage.InputTokensDetails;
import antiphon.protocol.response.Usage.OutputTokensDetails;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between rows and the port's records. */
public final class Rows {

  /** The columns that {@link #response} reads; {@code r} is the row, {@code b} its body. */
  static final String RESPONSE_COLUMNS =
      """
      r.row_id, r.tenant, r.end_user, r.id, r.status, r.background, r.epoch,
      CASE WHEN r.status = 'in_progress' AND r.lease_until > ${lease now} THEN TRUE ELSE FALSE END,
      r.created_at, r.model, r.previous, b.request, b.input, b.metadata, r.metadata_version,
      r.next_sequence, b.snapshot, r.attempts, r.input_tokens, r.cached_tokens,
      r.cache_write_tokens, r.output_tokens, r.reasoning_tokens, r.total_tokens
      """;

  /**
   * The same without what is not shown of a response: its input, and the request of an ended one.
   */
  private static final String SHOWN_COLUMNS =
      RESPONSE_COLUMNS.replace(
          "b.request, b.input,", "CASE WHEN b.snapshot IS NULL THEN b.request END, NULL,");

  /**
   * Which response; takes {@link #key}. The row is found by its key in a query of its own, where no
   * statistics, or old ones, can tempt the database to take another index.
   */
  public static final String IS_THIS =
      """
      r.row_id = (
          SELECT i.row_id FROM responses i WHERE i.tenant = ? AND i.end_user = ? AND i.id = ?)
        AND r.deleted_at IS NULL\
      """;

  /** Takes {@link #values(Usage)}. */
  static final String SET_USAGE =
      """
      input_tokens = ?, cached_tokens = ?, cache_write_tokens = ?, output_tokens = ?,
        reasoning_tokens = ?, total_tokens = ?\
      """;

  /**
   * A response with what only the store knows of it.
   *
   * @param rowId its number in this database
   * @param attempts how many attempts to run it have ended with the node that made them
   */
  public record Row(long rowId, StoredResponse response, int attempts) {}

  /** What a list shows; takes the numbers of the rows. */
  static final String LISTED =
      """
      SELECT r.row_id, r.tenant, r.end_user, r.id, r.status, r.background, r.epoch,
        CASE WHEN r.status = 'in_progress' AND r.lease_until > ${now} THEN TRUE ELSE FALSE END,
        r.created_at, r.model, r.previous,
        CASE WHEN b.snapshot IS NULL THEN b.request END, NULL,
        b.metadata, r.metadata_version,
        r.next_sequence, b.snapshot, r.attempts, r.input_tokens, r.cached_tokens,
        r.cache_write_tokens, r.output_tokens, r.reasoning_tokens, r.total_tokens
      FROM responses r JOIN bodies b ON b.row_id = r.row_id
      WHERE r.row_id IN (${rows}) AND r.purge < 2
      """;

  private static final byte[] NOTHING = {};

  /** A response of a list, still packed. */
  record Listed(StoredResponse packed) {

    /** How large it is in memory. */
    long bytes() {
      byte[] snapshot = packed.snapshot();
      return Packed.length(packed.request())
          + packed.metadata().length
          + (snapshot == null ? 0 : Packed.length(snapshot));
    }

    /** Unpacked. */
    StoredResponse response() {
      return packed.with(
          Packed.unpack(packed.request()),
          packed.input(),
          Packed.unpackNullable(packed.snapshot()));
    }
  }

  private Rows() {}

  /** A row of {@link #LISTED}. */
  static Listed listed(ResultSet row) throws SQLException {
    return new Listed(packed(row));
  }

  static Row response(ResultSet row) throws SQLException {
    StoredResponse packed = packed(row);
    StoredResponse response =
        packed.with(
            unpacked(packed.request()),
            unpacked(packed.input()),
            Packed.unpackNullable(packed.snapshot()));
    return new Row(row.getLong(1), response, row.getInt(18));
  }

  /** The response with its bodies as they are kept; what was not selected is empty. */
  private static StoredResponse packed(ResultSet row) throws SQLException {
    return new StoredResponse(
        new ResponseId(Columns.owner(row.getString(2), row.getString(3)), row.getString(4)),
        status(row.getString(5)),
        row.getBoolean(6),
        row.getLong(7),
        row.getBoolean(8),
        row.getLong(9),
        row.getString(10),
        row.getString(11),
        orNothing(row.getBytes(12)),
        orNothing(row.getBytes(13)),
        row.getBytes(14),
        row.getLong(15),
        row.getLong(16),
        usage(row, 19),
        row.getBytes(17));
  }

  private static byte[] unpacked(byte[] packed) {
    return packed.length == 0 ? NOTHING : Packed.unpack(packed);
  }

  private static byte[] orNothing(byte @Nullable [] bytes) {
    return bytes == null ? NOTHING : bytes;
  }

  /** The input of this response alone. */
  public static Optional<byte[]> input(Session session, ResponseId id) throws SQLException {
    return session.first(row -> Packed.unpack(row.getBytes(1)), INPUT, key(id));
  }

  /** The row of this response with its input and its request. */
  static Optional<Row> findWhole(Session session, ResponseId id) throws SQLException {
    return session.first(Rows::response, FIND_WHOLE, key(id));
  }

  /** The row of this response with what is shown of it, as it is inside the transaction. */
  public static Optional<Row> find(Session session, ResponseId id) throws SQLException {
    return session.first(Rows::response, FIND, key(id));
  }

  /** The same, and nobody else changes it until the transaction ends. */
  static Optional<Row> lock(Session session, ResponseId id) throws SQLException {
    return session.first(Rows::response, FIND_LOCKED, key(id));
  }

  public static Row get(Session session, long rowId) throws SQLException {
    return session.first(Rows::response, GET, rowId).orElseThrow();
  }

  public static List<Object> key(ResponseId id) {
    return List.of(id.owner().tenant(), Columns.endUser(id.owner()), id.value());
  }

  static ResponseStatus status(String text) {
    return ResponseStatus.valueOf(text.toUpperCase(Locale.ROOT));
  }

  static List<Object> values(Usage usage) {
    return List.of(
        usage.inputTokens(),
        usage.inputTokensDetails().cachedTokens(),
        usage.inputTokensDetails().cacheWriteTokens(),
        usage.outputTokens(),
        usage.outputTokensDetails().reasoningTokens(),
        usage.totalTokens());
  }

  private static Usage usage(ResultSet row, int first) throws SQLException {
    return new Usage(
        row.getInt(first),
        new InputTokensDetails(row.getInt(first + 1), row.getInt(first + 2)),
        row.getInt(first + 3),
        new OutputTokensDetails(row.getInt(first + 4)),
        row.getInt(first + 5));
  }

  private static final String FROM =
      " FROM responses r JOIN bodies b ON b.row_id = r.row_id WHERE ";
  private static final String WHOLE = "SELECT " + RESPONSE_COLUMNS + FROM;

  private static final String INPUT = "SELECT b.input" + FROM + IS_THIS;

  private static final String FIND_WHOLE = WHOLE + IS_THIS;
  private static final String FIND = "SELECT " + SHOWN_COLUMNS + FROM + IS_THIS;
  private static final String FIND_LOCKED = FIND + " ${for update}";
  private static final String GET = WHOLE + "r.row_id = ?";
}
