package antiphon.core.life;

import java.util.concurrent.atomic.AtomicReference;

/** A thread that works until it is interrupted, for that is how it is stopped. */
public final class Loop implements Lifecycle {

  private enum Phase {
    NEW,
    STARTED,
    STOPPED
  }

  private final Thread thread;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);

  private Loop(Thread thread) {
    this.thread = thread;
  }

  /**
   * A loop on a virtual thread.
   *
   * @param name the thread's
   * @param work comes back when its thread is interrupted
   */
  public static Loop of(String name, Runnable work) {
    return new Loop(Thread.ofVirtual().name(name).unstarted(work));
  }

  /** The same on a platform thread, which goes on when all carriers of virtual ones are blocked. */
  public static Loop ofPlatform(String name, Runnable work) {
    return new Loop(Thread.ofPlatform().daemon().name(name).unstarted(work));
  }

  @Override
  public void start() {
    if (!phase.compareAndSet(Phase.NEW, Phase.STARTED)) {
      throw new IllegalStateException(thread.getName() + " has been started or stopped before");
    }
    // Stopped meanwhile, it begins with its interrupt, and ends.
    thread.start();
  }

  @Override
  public void close() {
    phase.set(Phase.STOPPED);
    thread.interrupt();
  }

  @Override
  public boolean stopped() {
    return phase.get() == Phase.STOPPED && !thread.isAlive();
  }

  /** Waits until nothing works any more, after it has been stopped. */
  public void join() throws InterruptedException {
    if (thread.isAlive()) {
      thread.join();
    }
  }
}
