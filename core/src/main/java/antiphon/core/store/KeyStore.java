package antiphon.core.store;

import java.util.List;
import java.util.Optional;

/** Keeps API keys. */
public interface KeyStore extends AutoCloseable {

  /** Writes a key; writing the same hash again changes nothing. */
  void add(ApiKey key);

  /** The key with this hash, revoked or not. */
  Optional<ApiKey> find(byte[] hash);

  /** All keys, oldest first. */
  List<ApiKey> list();

  /** The hashes of all keys that are not revoked, in any order. */
  List<byte[]> hashes();

  /** Revokes the key with this id from now on; false if there is none that works. */
  boolean revoke(String id);

  /** Lets go of what was opened for the keys alone. */
  @Override
  void close();
}
