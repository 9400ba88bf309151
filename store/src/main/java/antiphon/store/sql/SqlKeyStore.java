package antiphon.store.sql;

import antiphon.core.key.KeyRights;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.ServiceTier;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Columns;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * API keys in a SQL database. A key is found by the first eight bytes of its hash; the whole hash
 * is then compared in constant time.
 */
public final class SqlKeyStore implements KeyStore {

  private static final String ADD =
      """
      INSERT INTO api_keys (id, tenant, label, prefix, hash, hint, created_at, revoked_at, scopes,
        max_tier)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (hash) DO NOTHING
      """;

  private static final String KEYS =
      "SELECT id, tenant, label, hash, hint, created_at, revoked_at, scopes, max_tier FROM api_keys"
          + " ";

  private static final String FIND = KEYS + "WHERE prefix = ?";
  private static final String LIST = KEYS + "ORDER BY created_at, row_id";

  private static final String HASHES = "SELECT hash FROM api_keys WHERE revoked_at IS NULL";

  private static final String REVOKE =
      "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";

  private final Database database;
  private final InstantSource clock;

  public SqlKeyStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void add(ApiKey key) {
    database.writeAlone(
        "add key",
        s ->
            s.update(
                ADD,
                key.id(),
                key.tenant(),
                key.label(),
                prefix(key.hash()),
                key.hash(),
                key.hint(),
                key.createdAt(),
                key.revokedAt(),
                key.rights().written(),
                key.rights().maxTier().wire()));
  }

  @Override
  public Optional<ApiKey> find(byte[] hash) {
    return database.read("find key", s -> s.list(SqlKeyStore::key, FIND, prefix(hash))).stream()
        .filter(key -> MessageDigest.isEqual(key.hash(), hash))
        .findFirst();
  }

  @Override
  public List<ApiKey> list() {
    return database.read("list keys", s -> s.list(SqlKeyStore::key, LIST));
  }

  @Override
  public List<byte[]> hashes() {
    return database.read("list key hashes", s -> s.list(row -> row.getBytes(1), HASHES));
  }

  @Override
  public boolean revoke(String id) {
    return database.writeAlone("revoke key", s -> s.update(REVOKE, clock.millis(), id)) > 0;
  }

  /** Nothing: the database is its opener's. */
  @Override
  public void close() {}

  private static long prefix(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }

  private static ServiceTier tier(String word) {
    return new AskedTier(word).tier();
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getBytes(4),
        row.getString(5),
        new KeyRights(KeyRights.scopes(row.getString(8)), tier(row.getString(9))),
        row.getLong(6),
        Columns.nullableLong(row, 7));
  }
}
