package antiphon.store.sql.conversation;

import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.conversation.Words;
import antiphon.core.response.Owner;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of conversations, without their items. */
public final class ConversationRows {

  /** Which conversation; takes {@link #key}. */
  public static final String IS_THIS =
      """
      c.row_id = (
          SELECT i.row_id FROM conversations i WHERE i.tenant = ? AND i.end_user = ? AND i.id = ?)
        AND c.deleted_at IS NULL\
      """;

  static final String COLUMNS = "c.row_id, c.id, c.created_at, c.updated_at, c.metadata";

  private static final String INSERT =
      """
      INSERT INTO conversations (tenant, end_user, id, created_at, updated_at, metadata)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (tenant, end_user, id) DO NOTHING RETURNING row_id
      """;

  private static final String FIND = "SELECT " + COLUMNS + " FROM conversations c WHERE " + IS_THIS;

  private static final String UPDATE =
      "UPDATE conversations AS c SET metadata = ?, updated_at = ${later} WHERE "
          + IS_THIS
          + " RETURNING row_id, id, created_at, updated_at, metadata";

  private static final String DELETE =
      "UPDATE conversations AS c SET deleted_at = ${now} WHERE " + IS_THIS;

  private static final String FORGET_PAIRS =
      "DELETE FROM conversation_metadata WHERE conversation = ?";

  private static final String ADD_PAIR =
      "INSERT INTO conversation_metadata (conversation, key, value) VALUES (?, ?, ?)";

  /** Of two changes in one millisecond the second counts as later. */
  static final String LATER =
      "CASE WHEN ${now} > c.updated_at THEN ${now} ELSE c.updated_at + 1 END";

  /** A conversation and its number in this database. */
  public record Row(long rowId, StoredConversation conversation) {}

  private ConversationRows() {}

  public static Optional<Row> find(Session session, ConversationId id) throws SQLException {
    return session.first(row -> of(row, id.owner()), FIND, key(id));
  }

  public static List<Object> key(ConversationId id) {
    return List.of(id.owner().tenant(), Columns.endUser(id.owner()), id.value());
  }

  public static Row of(ResultSet row, Owner owner) throws SQLException {
    return new Row(
        row.getLong(1),
        new StoredConversation(
            new ConversationId(owner, row.getString(2)),
            row.getLong(3),
            row.getLong(4),
            row.getBytes(5)));
  }

  /** The new row; empty if it is there, because this was executed before. */
  public static Optional<Long> insert(
      Session session, WordIndex words, ConversationId id, long now, Metadata metadata)
      throws SQLException {
    Optional<Long> row =
        session.first(r -> r.getLong(1), INSERT, key(id), now, now, metadata.json());
    if (row.isPresent()) {
      keep(session, words, row.get(), id.owner(), metadata.pairs());
    }
    return row;
  }

  public static Optional<StoredConversation> update(
      Session session, WordIndex words, ConversationId id, Metadata metadata) throws SQLException {
    Optional<Row> row =
        session.first(
            r -> of(r, id.owner()), UPDATE.replace("${later}", LATER), metadata.json(), key(id));
    if (row.isPresent()) {
      session.update(FORGET_PAIRS, row.get().rowId());
      keep(session, words, row.get().rowId(), id.owner(), metadata.pairs());
    }
    return row.map(Row::conversation);
  }

  private static void keep(
      Session session, WordIndex words, long row, Owner owner, Map<String, String> pairs)
      throws SQLException {
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      session.update(ADD_PAIR, row, pair.getKey(), pair.getValue());
    }
    words.metadata(session, row, word(owner), Words.of(pairs.values()));
  }

  public static boolean delete(Session session, ConversationId id) throws SQLException {
    return session.update(DELETE, key(id)) > 0;
  }

  /** A word that stands for an owner, and that no text is likely to have. */
  static String word(Owner owner) {
    try {
      String whole = owner.tenant() + '\0' + Columns.endUser(owner);
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
      return "owner" + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Metadata as it is shown and as it is found. */
  public record Metadata(byte[] json, Map<String, String> pairs) {
    public static Metadata of(Map<String, String> pairs) {
      return new Metadata(antiphon.protocol.json.Json.bytes(pairs), pairs);
    }
  }
}
