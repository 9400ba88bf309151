package antiphon.core.service;

import antiphon.core.api.Keys;
import antiphon.core.key.KeyRights;
import antiphon.core.key.Principal;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * API keys. Keys carry 256 bits of chance, so a plain SHA-256 keeps them: there is nothing to guess
 * that a slow hash would protect.
 */
public final class KeyService implements Keys {

  private static final int SECRET_BYTES = 32;
  private static final int HINT_CHARS = 4;
  private static final int MAX_LABEL = 256;

  private final KeyStore store;
  private final InstantSource clock;
  private final Ids ids;
  private final SecureRandom random = new SecureRandom();
  private final KeyCache cache;
  private final KeyWatches watches;

  public KeyService(KeyStore store, InstantSource clock) {
    this(store, clock, System::nanoTime);
  }

  /**
   * @param nanos a clock that only goes forward, for how long a key is remembered
   */
  KeyService(KeyStore store, InstantSource clock, LongSupplier nanos) {
    this.store = store;
    this.clock = clock;
    this.ids = new Ids(clock);
    this.cache = new KeyCache(store, nanos);
    this.watches = new KeyWatches(store);
  }

  @Override
  public Optional<Principal> authenticate(String key) {
    return cache.principal(hash(key));
  }

  @Override
  public NewKey create(String tenant, String label, KeyRights rights) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String key = "sk-antiphon-" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new NewKey(add(tenant, label, key, rights), key);
  }

  @Override
  public ApiKey adopt(String tenant, String label, String key) {
    return add(tenant, label, key, KeyRights.ALL);
  }

  private ApiKey add(String tenant, String label, String key, KeyRights rights) {
    named("tenant", tenant, 1, Owner.MAX_TENANT);
    named("label", label, 0, MAX_LABEL);
    byte[] hash = hash(key);
    String hint = key.length() > 3 * HINT_CHARS ? key.substring(key.length() - HINT_CHARS) : "";
    store.add(new ApiKey(ids.next("key"), tenant, label, hash, hint, rights, clock.millis(), null));
    cache.forget();
    return store
        .find(hash)
        .orElseThrow(() -> new IllegalStateException("a key that was just written is not there"));
  }

  @Override
  public List<ApiKey> list() {
    return store.list();
  }

  @Override
  public boolean revoke(String id) {
    try {
      return store.revoke(id);
    } finally {
      cache.forget();
      watches.lookNow();
    }
  }

  @Override
  public Watch watch(String key, Runnable whenRevoked) {
    return watches.add(hash(key), whenRevoked);
  }

  private static void named(String what, String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    if ((text.isBlank() && min > 0) || length > max) {
      throw new IllegalArgumentException(
          "the %s must have %d to %d characters".formatted(what, min, max));
    }
    if (text.codePoints().anyMatch(Character::isISOControl) || !text.equals(text.strip())) {
      throw new IllegalArgumentException(
          "the %s must have printable characters only, and no space around it".formatted(what));
    }
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
