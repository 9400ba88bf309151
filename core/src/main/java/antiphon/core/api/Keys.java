package antiphon.core.api;

import antiphon.core.key.KeyRights;
import antiphon.core.key.Principal;
import antiphon.core.store.ApiKey;
import java.util.List;
import java.util.Optional;

/** API keys: made once, shown once, kept as a hash. */
public interface Keys {

  /**
   * Whose key this is, and what it allows.
   *
   * @param key what came behind {@code Bearer}
   * @return acting for no end user; empty for an unknown or revoked key
   */
  Optional<Principal> authenticate(String key);

  /**
   * Makes a key.
   *
   * @param tenant whose, 1 to 128 printable characters
   * @param label for people, at most 256
   * @param rights what it allows
   * @return the key itself, to be shown this once
   * @throws IllegalArgumentException if tenant or label cannot be such
   */
  NewKey create(String tenant, String label, KeyRights rights);

  /** Makes a key that allows everything; else as {@link #create(String, String, KeyRights)}. */
  default NewKey create(String tenant, String label) {
    return create(tenant, label, KeyRights.ALL);
  }

  /**
   * Takes a key that was chosen elsewhere, the environment's for example, and allows all of it;
   * else as {@link #create(String, String)}.
   */
  ApiKey adopt(String tenant, String label, String key);

  /** All keys, oldest first. */
  List<ApiKey> list();

  /** Revokes a key by id; false if there is none that works. */
  boolean revoke(String id);

  /**
   * Tells when a key is revoked, on whatever node: within a second or so.
   *
   * @param key one that works
   * @param whenRevoked called once at most, on any thread; must not block
   * @return ends the watching when closed
   */
  Watch watch(String key, Runnable whenRevoked);

  /** The end of a watch. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A key that was just made. */
  record NewKey(ApiKey stored, String key) {}
}
