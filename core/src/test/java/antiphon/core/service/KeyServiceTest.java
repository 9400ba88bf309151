package antiphon.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.api.Keys;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import antiphon.core.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a key, good or bad, costs the store, and how soon a change of the keys is known. */
class KeyServiceTest {

  private final CountingKeys store = new CountingKeys();
  private final AtomicLong nanos = new AtomicLong(1);
  private final KeyService keys =
      new KeyService(store, InstantSource.fixed(Instant.ofEpochSecond(1)), nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void bad_keys_cost_one_read_a_second_however_many_they_are() {
    keys.create("acme", "one");
    store.reads.set(0);
    for (int i = 0; i < 5_000; i++) {
      assertThat(keys.authenticate("sk-guess-" + i)).isEmpty();
    }
    assertThat(store.reads.get()).isEqualTo(1);

    pass(Duration.ofMillis(1_001));
    for (int i = 0; i < 5_000; i++) {
      assertThat(keys.authenticate("sk-guess-" + i)).isEmpty();
    }
    assertThat(store.reads.get()).isEqualTo(2);
  }

  @Test
  void a_good_key_is_found_among_bad_ones_with_one_read_a_second() {
    String good = keys.create("acme", "one").key();
    store.reads.set(0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(tenant(good)).contains("acme");
      assertThat(keys.authenticate("sk-guess-" + i)).isEmpty();
    }
    assertThat(store.reads.get()).isEqualTo(2);
  }

  @Test
  void a_key_that_is_made_here_works_at_once() {
    assertThat(keys.authenticate("sk-chosen")).isEmpty();
    keys.adopt("acme", "one", "sk-chosen");
    assertThat(tenant("sk-chosen")).contains("acme");
  }

  @Test
  void a_key_that_is_made_elsewhere_works_within_a_second() {
    Keys elsewhere = new KeyService(store, InstantSource.system());
    assertThat(keys.authenticate("sk-guess")).isEmpty();
    String made = elsewhere.create("acme", "one").key();
    pass(Duration.ofMillis(1_001));
    assertThat(tenant(made)).contains("acme");
  }

  @Test
  void a_key_that_is_revoked_elsewhere_works_no_longer_than_a_second() {
    Keys elsewhere = new KeyService(store, InstantSource.system());
    Keys.NewKey made = keys.create("acme", "one");
    assertThat(tenant(made.key())).contains("acme");
    elsewhere.revoke(made.stored().id());
    assertThat(tenant(made.key())).contains("acme");
    pass(Duration.ofMillis(1_001));
    assertThat(keys.authenticate(made.key())).isEmpty();
  }

  @Test
  void a_key_that_is_revoked_here_works_no_longer() {
    Keys.NewKey made = keys.create("acme", "one");
    assertThat(tenant(made.key())).contains("acme");
    assertThat(keys.revoke(made.stored().id())).isTrue();
    assertThat(keys.authenticate(made.key())).isEmpty();
  }

  @Test
  void a_revoked_key_costs_no_read_each_time_either() {
    Keys elsewhere = new KeyService(store, InstantSource.system());
    Keys.NewKey made = keys.create("acme", "one");
    assertThat(tenant(made.key())).contains("acme");
    elsewhere.revoke(made.stored().id());
    pass(Duration.ofSeconds(2));
    int before = store.reads.get();
    for (int i = 0; i < 1_000; i++) {
      assertThat(keys.authenticate(made.key())).isEmpty();
    }
    assertThat(store.reads.get() - before).isLessThanOrEqualTo(2);
  }

  @Test
  void callers_with_one_key_wait_for_one_read() throws Exception {
    String good = keys.create("acme", "one").key();
    assertThat(keys.authenticate("sk-guess")).isEmpty();
    CountDownLatch open = new CountDownLatch(1);
    store.gate = open;
    int before = store.reads.get();
    List<Thread> callers = new ArrayList<>();
    AtomicInteger served = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                if (keys.authenticate(good).isPresent()) {
                  served.incrementAndGet();
                }
              }));
    }
    while (callers.stream().anyMatch(caller -> caller.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    open.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(served.get()).isEqualTo(50);
    assertThat(store.reads.get() - before).isEqualTo(1);
  }

  @Test
  void a_store_that_fails_is_told_and_not_remembered() {
    String good = keys.create("acme", "one").key();
    store.broken = true;
    assertThatThrownBy(() -> keys.authenticate(good)).isInstanceOf(StoreException.class);
    store.broken = false;
    assertThat(tenant(good)).contains("acme");
  }

  /** Keys in memory; counts what is read. */
  private Optional<String> tenant(String key) {
    return keys.authenticate(key).map(who -> who.owner().tenant());
  }

  private static final class CountingKeys implements KeyStore {
    private final List<ApiKey> all = new ArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean broken;

    private void read() {
      reads.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (broken) {
        throw new StoreException("broken", new IllegalStateException());
      }
    }

    @Override
    public synchronized void add(ApiKey key) {
      all.add(key);
    }

    @Override
    public Optional<ApiKey> find(byte[] hash) {
      read();
      return list().stream().filter(key -> Arrays.equals(key.hash(), hash)).findFirst();
    }

    @Override
    public synchronized List<ApiKey> list() {
      return List.copyOf(all);
    }

    @Override
    public List<byte[]> hashes() {
      read();
      return list().stream().filter(key -> key.revokedAt() == null).map(ApiKey::hash).toList();
    }

    @Override
    public synchronized boolean revoke(String id) {
      all.replaceAll(key ->
          key.id().equals(id)
              ? new ApiKey(
                  key.id(),
                  key.tenant(),
                  key.label(),
                  key.hash(),
                  key.hint(),
                  key.rights(),
                  key.createdAt(),
                  5L)
              : key);
      return true;
    }

    @Override
    public void close() {}
  }
}
