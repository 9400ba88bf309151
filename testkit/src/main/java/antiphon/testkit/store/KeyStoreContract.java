package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.key.KeyRights;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import antiphon.protocol.response.ServiceTier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Everything a store of API keys must do. */
public abstract class KeyStoreContract {

  /** The store under test, empty at the start of each test. */
  protected abstract KeyStore keys();

  @Test
  void aKeyIsFoundByItsHash() {
    ApiKey key = key("key_1", "acme", "secret-1", 10);
    keys().add(key);

    assertThat(keys().find(hash("secret-1")).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(key);
    assertThat(keys().find(hash("secret-2"))).isEmpty();
  }

  @Test
  void whatAKeyAllowsIsKept() {
    ApiKey key = key("key_1", "acme", "secret-1", 10);
    KeyRights rights =
        new KeyRights(KeyRights.scopes("responses.write files.read"), ServiceTier.FLEX);
    keys()
        .add(
            new ApiKey(
                key.id(), key.tenant(), key.label(), key.hash(), key.hint(), rights, 10, null));
    assertThat(keys().find(key.hash()).orElseThrow().rights()).isEqualTo(rights);
    assertThat(keys().list().getFirst().rights()).isEqualTo(rights);
  }

  @Test
  void aHashThatOnlyBeginsLikeAKeyIsNotFound() {
    keys().add(key("key_1", "acme", "secret-1", 10));
    for (int place = 8; place < 32; place++) {
      byte[] similar = hash("secret-1");
      similar[place] ^= 1;
      assertThat(keys().find(similar)).isEmpty();
    }
  }

  @Test
  void theSameKeyIsAddedOnce() {
    keys().add(key("key_1", "acme", "secret-1", 10));
    keys().add(key("key_2", "other", "secret-1", 20));

    assertThat(keys().list()).extracting(ApiKey::id).containsExactly("key_1");
    assertThat(keys().find(hash("secret-1")).orElseThrow().tenant()).isEqualTo("acme");
  }

  @Test
  void keysAreListedOldestFirst() {
    keys().add(key("key_2", "acme", "secret-2", 20));
    keys().add(key("key_3", "other", "secret-3", 30));
    keys().add(key("key_1", "acme", "secret-1", 10));

    assertThat(keys().list()).extracting(ApiKey::id).containsExactly("key_1", "key_2", "key_3");
  }

  @Test
  void theHashesAreThoseOfTheKeysThatWork() {
    assertThat(keys().hashes()).isEmpty();
    keys().add(key("key_1", "acme", "secret-1", 10));
    keys().add(key("key_2", "acme", "secret-2", 20));
    keys().add(key("key_3", "other", "secret-3", 30));
    keys().revoke("key_2");

    assertThat(keys().hashes()).containsExactlyInAnyOrder(hash("secret-1"), hash("secret-3"));
  }

  @Test
  void aRevokedKeyStaysAndSaysSo() {
    keys().add(key("key_1", "acme", "secret-1", 10));

    assertThat(keys().revoke("key_1")).isTrue();

    @Nullable Long revokedAt = keys().find(hash("secret-1")).orElseThrow().revokedAt();
    assertThat(revokedAt).isPositive();
    assertThat(keys().revoke("key_1")).isFalse();
    assertThat(keys().find(hash("secret-1")).orElseThrow().revokedAt()).isEqualTo(revokedAt);
    keys().add(key("key_2", "acme", "secret-1", 20));
    assertThat(keys().find(hash("secret-1")).orElseThrow().revokedAt()).isEqualTo(revokedAt);
  }

  @Test
  void whatIsNotThereIsNotRevoked() {
    assertThat(keys().revoke("key_1")).isFalse();
  }

  private static ApiKey key(String id, String tenant, String secret, long createdAt) {
    return new ApiKey(
        id,
        tenant,
        "label of " + id,
        hash(secret),
        secret.substring(4),
        KeyRights.ALL,
        createdAt,
        null);
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
