package antiphon.store.sqlite;

import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import antiphon.store.sql.SqlKeyStore;
import antiphon.store.sql.commit.Database;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The API keys of a data file by themselves, for a command that runs beside the server that has the
 * file open: it takes no lock, and the server sees a change at once.
 */
public final class SqliteKeyStore implements KeyStore {

  private final Database database;
  private final SqlKeyStore keys;

  private SqliteKeyStore(Database database) {
    this.database = database;
    this.keys = new SqlKeyStore(database, InstantSource.system());
  }

  /**
   * Opens the keys of a data file, making the file if there is none.
   *
   * @throws antiphon.core.store.StoreException if it cannot be used
   */
  public static SqliteKeyStore open(Path file) {
    var options = new SqliteOptions(1, true);
    var data = new SqliteFile(file, options);
    data.prepare();
    return new SqliteKeyStore(SqliteStore.start(data, options));
  }

  @Override
  public void add(ApiKey key) {
    keys.add(key);
  }

  @Override
  public Optional<ApiKey> find(byte[] hash) {
    return keys.find(hash);
  }

  @Override
  public List<ApiKey> list() {
    return keys.list();
  }

  @Override
  public List<byte[]> hashes() {
    return keys.hashes();
  }

  @Override
  public boolean revoke(String id) {
    return keys.revoke(id);
  }

  @Override
  public void close() {
    database.close();
  }
}
