package antiphon.core.service;

import antiphon.core.api.Keys;
import antiphon.core.store.KeyStore;
import antiphon.core.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every half second whether the keys of calls under way still work, as long as there are any.
 * A store that does not answer has revoked nothing.
 */
final class KeyWatches {

  private static final Logger LOG = LoggerFactory.getLogger(KeyWatches.class);
  private static final Duration PACE = Duration.ofMillis(500);

  /** So many keys are asked for one by one; for more, all that work are read at once. */
  private static final int FEW = 8;

  private final KeyStore store;
  private final Map<String, Set<Watch>> watched = new HashMap<>();
  private boolean looking;

  KeyWatches(KeyStore store) {
    this.store = store;
  }

  /** Watches the key with this hash. */
  Keys.Watch add(byte[] hash, Runnable whenRevoked) {
    Watch watch = new Watch(HexFormat.of().formatHex(hash), whenRevoked);
    synchronized (this) {
      watched.computeIfAbsent(watch.key, _ -> ConcurrentHashMap.newKeySet()).add(watch);
      if (!looking) {
        looking = true;
        Thread.ofVirtual().name("revoked-keys").start(this::look);
      }
    }
    return watch;
  }

  /** A key was revoked here: whoever uses it need not wait for the next look. */
  void lookNow() {
    if (!keys().isEmpty()) {
      Thread.ofVirtual().name("revoked-keys-now").start(this::lookOnce);
    }
  }

  private synchronized List<String> keys() {
    return List.copyOf(watched.keySet());
  }

  private void look() {
    while (goOn()) {
      try {
        Thread.sleep(PACE);
      } catch (InterruptedException _) {
        // Nobody interrupts it: it looks a little sooner.
      }
      lookOnce();
    }
  }

  private synchronized boolean goOn() {
    looking = !watched.isEmpty();
    return looking;
  }

  /** Survives what can be survived: a look that fails is followed by the next. */
  private void lookOnce() {
    try {
      revoked(keys()).forEach(this::end);
    } catch (StoreException e) {
      LOG.debug("keys could not be looked up: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("keys could not be looked up", e);
    }
  }

  private Set<String> revoked(List<String> keys) {
    Set<String> gone = new HashSet<>(keys);
    if (keys.size() <= FEW) {
      gone.removeIf(key ->
          store.find(HexFormat.of().parseHex(key)).filter(k -> k.revokedAt() == null).isPresent());
    } else {
      store.hashes().forEach(hash -> gone.remove(HexFormat.of().formatHex(hash)));
    }
    return gone;
  }

  private void end(String key) {
    Set<Watch> ended;
    synchronized (this) {
      ended = watched.remove(key);
    }
    if (ended != null) {
      ended.forEach(watch -> watch.whenRevoked.run());
    }
  }

  private final class Watch implements Keys.Watch {
    private final String key;
    private final Runnable whenRevoked;

    Watch(String key, Runnable whenRevoked) {
      this.key = key;
      this.whenRevoked = whenRevoked;
    }

    @Override
    public void close() {
      synchronized (KeyWatches.this) {
        Set<Watch> others = watched.get(key);
        if (others != null && others.remove(this) && others.isEmpty()) {
          watched.remove(key);
        }
      }
    }
  }
}
