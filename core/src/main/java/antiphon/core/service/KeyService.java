package antiphon.core.service;

import antiphon.core.api.Keys;
import antiphon.core.response.Ids;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * API keys. Keys carry 256 bits of chance, so a plain SHA-256 keeps them: there is nothing to guess
 * that a slow hash would protect.
 */
public final class KeyService implements Keys {

  private static final int SECRET_BYTES = 32;
  private static final int HINT_CHARS = 4;

  /** How long a revocation on another node may go unnoticed here. */
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  private static final int MAX_REMEMBERED = 10_000;

  private final KeyStore store;
  private final InstantSource clock;
  private final Ids ids;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

  public KeyService(KeyStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.ids = new Ids(clock);
  }

  @Override
  public Optional<String> authenticate(String key) {
    byte[] hash = hash(key);
    String name = HexFormat.of().formatHex(hash);
    Known remembered = known.get(name);
    long now = clock.millis();
    if (remembered != null && now - remembered.at < REMEMBERED.toMillis()) {
      return Optional.of(remembered.tenant);
    }
    Optional<String> tenant =
        store.find(hash).filter(found -> found.revokedAt() == null).map(ApiKey::tenant);
    if (known.size() >= MAX_REMEMBERED) {
      known.clear();
    }
    tenant.ifPresentOrElse(
        found -> known.put(name, new Known(found, now)), () -> known.remove(name));
    return tenant;
  }

  @Override
  public NewKey create(String tenant, String label) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String key = "sk-antiphon-" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new NewKey(adopt(tenant, label, key), key);
  }

  @Override
  public ApiKey adopt(String tenant, String label, String key) {
    byte[] hash = hash(key);
    String hint = key.length() > 3 * HINT_CHARS ? key.substring(key.length() - HINT_CHARS) : "";
    store.add(new ApiKey(ids.next("key"), tenant, label, hash, hint, clock.millis(), null));
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
    known.clear();
    return store.revoke(id);
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private record Known(String tenant, long at) {}
}
