package antiphon.core.service;

import antiphon.core.key.Principal;
import antiphon.core.response.Owner;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of API keys without asking the store. A key that works is looked up once in a
 * second, by however many callers; for keys that do not work there is one list of those that do,
 * read at most once in a second, so that a stranger's guesses cost no look-up each. Time is that of
 * a clock that only goes forward: a step of the machine's clock keeps no revoked key alive.
 */
final class KeyCache {

  /** How long a key made or revoked on another node may go unnoticed here. */
  private static final long REMEMBERED = Duration.ofSeconds(1).toNanos();

  private static final int MAX_REMEMBERED = 10_000;

  private final KeyStore store;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, CompletableFuture<Optional<Principal>>> asked =
      new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable CompletableFuture<Directory>> reading =
      new AtomicReference<>();
  private volatile @Nullable Directory directory;

  /** Raised by every change made here: what was read before it may be out of date. */
  private volatile long changes;

  /**
   * @param nanos a clock that only goes forward
   */
  KeyCache(KeyStore store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /**
   * Whose the key with this hash is; empty if there is none or it is revoked.
   *
   * @throws antiphon.core.store.StoreException if it has to be looked up and cannot be
   */
  Optional<Principal> principal(byte[] hash) {
    String name = HexFormat.of().formatHex(hash);
    Known remembered = known.get(name);
    if (remembered != null && fresh(remembered.at)) {
      return Optional.of(remembered.principal);
    }
    if (!listed(hash)) {
      return Optional.empty();
    }
    return once(name, hash);
  }

  /** A key was made, or is about to be revoked, here: everything is looked up anew. */
  synchronized void forget() {
    changes++;
    directory = null;
    known.clear();
    asked.clear();
    reading.set(null);
  }

  private boolean fresh(long at) {
    return nanos.getAsLong() - at < REMEMBERED;
  }

  /** Whether the key may be one that works: surely not if a fresh list does not have it. */
  private boolean listed(byte[] hash) {
    long mark = mark(hash);
    Directory last = directory;
    if (last != null && (last.has(mark) || fresh(last.at))) {
      return last.has(mark);
    }
    return read().has(mark);
  }

  private static long mark(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }

  /** Reads the list; who comes meanwhile waits for the same reading. */
  private Directory read() {
    CompletableFuture<Directory> mine = new CompletableFuture<>();
    CompletableFuture<Directory> others = reading.compareAndExchange(null, mine);
    if (others != null) {
      return await(others);
    }
    long before = changes;
    try {
      long at = nanos.getAsLong();
      Directory read =
          new Directory(store.hashes().stream().mapToLong(KeyCache::mark).sorted().toArray(), at);
      synchronized (this) {
        if (changes == before) {
          directory = read;
        }
      }
      mine.complete(read);
      return read;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      reading.compareAndSet(mine, null);
    }
  }

  /** Looks one key up; who comes with the same key meanwhile waits for the same answer. */
  private Optional<Principal> once(String name, byte[] hash) {
    CompletableFuture<Optional<Principal>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<Principal>> others = asked.putIfAbsent(name, mine);
    if (others != null) {
      return await(others);
    }
    long before = changes;
    try {
      long at = nanos.getAsLong();
      Optional<Principal> found =
          store.find(hash).filter(key -> key.revokedAt() == null).map(KeyCache::principal);
      remember(name, found, at, before);
      mine.complete(found);
      return found;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      asked.remove(name, mine);
    }
  }

  private static Principal principal(ApiKey key) {
    return new Principal(new Owner(key.tenant(), null), key.id(), key.rights());
  }

  private synchronized void remember(String name, Optional<Principal> found, long at, long before) {
    if (changes != before) {
      return;
    }
    if (known.size() >= MAX_REMEMBERED) {
      known.clear();
    }
    if (found.isPresent()) {
      known.put(name, new Known(found.get(), at));
      return;
    }
    known.remove(name);
    Directory last = directory;
    if (last != null && !fresh(last.at)) {
      // It still has a key that was revoked: who tries that one again must not be looked up again.
      directory = null;
    }
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private record Known(Principal principal, long at) {}

  /** The first eight bytes of the hash of each key that works, in order. */
  private record Directory(long[] marks, long at) {
    boolean has(long mark) {
      return Arrays.binarySearch(marks, mark) >= 0;
    }
  }
}
