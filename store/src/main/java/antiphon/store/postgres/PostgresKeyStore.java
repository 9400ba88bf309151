package antiphon.store.postgres;

import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import antiphon.store.sql.commit.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The API keys of a PostgreSQL database by themselves, for a command beside the servers. */
public final class PostgresKeyStore implements KeyStore {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PostgresStore store;
  private final KeyStore keys;

  private PostgresKeyStore(PostgresStore store) {
    this.store = store;
    this.keys = store.keys();
  }

  /**
   * Opens the keys of a database, bringing its schema up.
   *
   * @param url as for {@link PostgresOptions}
   * @throws antiphon.core.store.StoreException if it cannot be reached in time
   * @throws IllegalArgumentException if the address is none
   */
  public static PostgresKeyStore open(String url) {
    var threads = new Database.Threads(1, 1, 1);
    return new PostgresKeyStore(PostgresStore.open(new PostgresOptions(url, threads, PATIENCE)));
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
    store.close();
  }
}
