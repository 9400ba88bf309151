package antiphon.http.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way from the loop to a slower reader: where a little waits, no more is taken from
 * the connection. Filled on the loop, read by one virtual thread.
 */
final class BodyFlow implements BodyParts {

  /** With so many bytes waiting, the connection is not read. */
  private static final int FULL = 192 * 1024;

  private static final int LOW = 64 * 1024;

  /**
   * What it may hold: the mark, what the connection had in its hands when it was reached, and the
   * reader has.
   */
  static final int HELD = FULL + 384 * 1024;

  /** Asks how the body ended; returns if it came whole. */
  @FunctionalInterface
  interface Ending {
    void await() throws InterruptedException;
  }

  private final long most;
  private final Runnable pause;
  private final Runnable resume;
  private final Ending ending;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int bytes;
  private long count;
  private boolean paused;
  private boolean ended;

  /**
   * @param most bytes that may come
   * @param pause called on the loop
   * @param resume called on any thread
   */
  BodyFlow(long most, Runnable pause, Runnable resume, Ending ending) {
    this.most = most;
    this.pause = pause;
    this.resume = resume;
    this.ending = ending;
  }

  long most() {
    return most;
  }

  /** Takes what has come; false if it is too much. */
  boolean add(Buffer data) {
    lock.lock();
    try {
      count += data.length();
      if (count > most) {
        return false;
      }
      waiting.add(data.getBytes());
      bytes += data.length();
      if (bytes >= FULL && !paused) {
        paused = true;
        pause.run();
      }
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes, for whatever reason. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public byte @Nullable [] next() throws InterruptedException {
    boolean more = false;
    byte[] part;
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !ended) {
        changed.await();
      }
      part = waiting.poll();
      if (part != null) {
        bytes -= part.length;
        more = paused && bytes <= LOW;
        if (more) {
          paused = false;
        }
      }
    } finally {
      lock.unlock();
    }
    if (more) {
      resume.run();
    }
    if (part == null) {
      ending.await();
    }
    return part;
  }
}
