package antiphon.core.memory;

import antiphon.core.engine.EngineException;
import antiphon.core.health.Pulse;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Loop;
import antiphon.core.memory.MemoryStore.Space;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.IndexWork;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings noted responses that have ended to the index. What was noted stays noted until then, so
 * that a node that dies between loses nothing: any node goes on with it.
 */
public final class MemoryKeeper implements Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryKeeper.class);
  private static final int BATCH = 100;

  /** How long what other nodes have left behind may wait until this one looks. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final MemoryStore store;
  private final Embedders embedders;
  private final IndexWork work;
  private final Semaphore wakes = new Semaphore(0);
  private final Pulse pulse = new Pulse("remembering", Duration.ofMinutes(5));
  private final Loop loop = Loop.of("memory-keeper", this::run);
  private volatile boolean closed;

  public MemoryKeeper(MemoryStore store, Embedders embedders, IndexWork work) {
    this.store = store;
    this.embedders = embedders;
    this.work = work;
  }

  @Override
  public void start() {
    loop.start();
  }

  /** Something may have ended. */
  void wake() {
    wakes.release();
  }

  /** There is something to be removed. */
  void forgotten() {
    work.recheck();
  }

  private void run() {
    try {
      while (!closed) {
        boolean _ = pulse.step(this::settle);
        if (wakes.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          wakes.drainPermits();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void settle() throws InterruptedException {
    if (!store.waiting()) {
      return;
    }
    MemoryStore.Space space;
    try {
      space = space(embedders);
    } catch (EngineException e) {
      LOG.debug("the embedding model is away: {}", e.getMessage());
      return;
    }
    while (!closed && store.settle(space, BATCH) > 0) {
      work.wake();
    }
  }

  @Override
  public void close() {
    closed = true;
    loop.close();
  }

  @Override
  public boolean stopped() {
    return loop.stopped();
  }

  /** How the usual model indexes. */
  static Space space(Embedders embedders) throws EngineException, InterruptedException {
    Embedders.Served usual = embedders.usual();
    return new Space(usual.embedder().model(), usual.embedder().dimensions(), usual.chunking());
  }
}
