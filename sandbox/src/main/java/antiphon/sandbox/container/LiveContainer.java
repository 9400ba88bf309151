package antiphon.sandbox.container;

import antiphon.core.container.ContainerFile;
import antiphon.core.container.ContainerId;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.SandboxFile;
import antiphon.core.sandbox.Sandboxes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A container of this node. Its sandbox begins when it is needed first. */
public final class LiveContainer {

  private static final int MOST_KEYS = 1000;

  private final ContainerId id;
  private final long memory;
  private final long idleMillis;
  private final boolean automatic;
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final Set<String> fromUser = ConcurrentHashMap.newKeySet();
  private final ReentrantLock opening = new ReentrantLock();
  private final AtomicInteger users = new AtomicInteger();
  private volatile long lastActive;
  private volatile boolean closed;
  private volatile @Nullable Sandbox sandbox;

  LiveContainer(ContainerId id, long memory, long idleMillis, boolean automatic, long now) {
    this.id = id;
    this.memory = memory;
    this.idleMillis = idleMillis;
    this.automatic = automatic;
    this.lastActive = now;
  }

  public ContainerId id() {
    return id;
  }

  /** Whether it was made for a response that only asked for some container. */
  boolean automatic() {
    return automatic;
  }

  long memory() {
    return memory;
  }

  long lastActive() {
    return lastActive;
  }

  boolean idle(long now) {
    return users.get() == 0 && now >= lastActive + idleMillis;
  }

  boolean inUse() {
    return users.get() > 0;
  }

  void enter(long now) {
    users.incrementAndGet();
    lastActive = now;
  }

  void leave(long now) {
    lastActive = now;
    users.decrementAndGet();
  }

  /** Whether it had a sandbox and that has ended of itself. */
  boolean lost() {
    Sandbox inside = sandbox;
    return inside != null && !inside.alive();
  }

  /** Its sandbox, begun now if there is none yet. */
  Sandbox sandbox(Sandboxes sandboxes) throws InterruptedException, SandboxException {
    Sandbox inside = sandbox;
    if (inside != null) {
      return inside;
    }
    opening.lockInterruptibly();
    try {
      Sandbox now = sandbox;
      if (now == null) {
        if (closed) {
          throw new SandboxException(SandboxException.Kind.ENDED, "The container has ended.");
        }
        now = sandboxes.open(memory);
        sandbox = now;
      }
      return now;
    } finally {
      opening.unlock();
    }
  }

  /** It goes with this, and is found by it: a response, a conversation. */
  public void goesWith(String key) {
    if (keys.size() < MOST_KEYS) {
      keys.add(key);
    }
  }

  boolean isWith(String key) {
    return keys.contains(key);
  }

  void putByUser(String path) {
    fromUser.add(path);
  }

  /** Its files, with the ids that clients know them by. */
  List<ContainerFile> files(Sandboxes sandboxes) throws InterruptedException, SandboxException {
    if (sandbox == null) {
      return List.of();
    }
    return sandbox(sandboxes).files().stream().map(this::file).toList();
  }

  private ContainerFile file(SandboxFile file) {
    return new ContainerFile(
        FileIds.of(id.value(), file.path()),
        file.path(),
        file.bytes(),
        file.modifiedAt(),
        fromUser.contains(file.path()));
  }

  /** Ends all that is in it. */
  void close() {
    opening.lock();
    try {
      closed = true;
    } finally {
      opening.unlock();
    }
    Sandbox inside = sandbox;
    if (inside != null) {
      inside.close();
    }
  }
}
