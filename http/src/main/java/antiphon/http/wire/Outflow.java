package antiphon.http.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a client no faster than it reads. Counts the bytes that have not reached the socket
 * yet, because Vert.x's own queue counts messages: sixteen of them, however large, beside what
 * Netty holds. Used by one virtual thread.
 */
final class Outflow {

  /** Slices this long, so that progress shows and nothing large waits in a queue. */
  private static final int SLICE = 16 * 1024;

  /** No more than this is on its way before a further slice. */
  private static final int ROOM = 16 * 1024;

  private final HttpServerResponse response;
  private final Duration patience;
  private final AtomicInteger unsent = new AtomicInteger();
  private volatile boolean gone;
  private volatile @Nullable Thread waiting;

  /**
   * @param patience how long the client may read nothing while it should
   */
  Outflow(HttpServerResponse response, Duration patience) {
    this.response = response;
    this.patience = patience;
  }

  /**
   * Writes; blocks while the client is behind.
   *
   * @throws ClientGone if it has left
   * @throws Stalled if it did not read anything for too long
   */
  void write(byte[] bytes) throws InterruptedException, Stalled {
    // A buffer is a copy: one slice at a time, whatever the length, for many may read the same.
    for (int at = 0; at < bytes.length; at += SLICE) {
      int length = Math.min(SLICE, bytes.length - at);
      slice(Buffer.buffer(length).appendBytes(bytes, at, length));
    }
  }

  private void slice(Buffer slice) throws InterruptedException, Stalled {
    awaitRoom();
    int length = slice.length();
    unsent.addAndGet(length);
    response.write(slice).onComplete(_ -> sent(length));
  }

  private void sent(int length) {
    unsent.addAndGet(-length);
    LockSupport.unpark(waiting);
  }

  /** The client has left; called on any thread. */
  void left() {
    gone = true;
    LockSupport.unpark(waiting);
  }

  private void awaitRoom() throws InterruptedException, Stalled {
    if (gone) {
      throw new ClientGone();
    }
    if (unsent.get() < ROOM) {
      return;
    }
    waiting = Thread.currentThread();
    try {
      int behind = unsent.get();
      long deadline = System.nanoTime() + patience.toNanos();
      while (unsent.get() >= ROOM) {
        LockSupport.parkNanos(this, deadline - System.nanoTime());
        if (gone) {
          throw new ClientGone();
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (unsent.get() < behind) {
          behind = unsent.get();
          deadline = System.nanoTime() + patience.toNanos();
        } else if (deadline - System.nanoTime() <= 0) {
          throw new Stalled();
        }
      }
    } finally {
      waiting = null;
    }
  }

  /** The client did not read anything for too long. */
  static final class Stalled extends Exception {
    private static final long serialVersionUID = 1L;

    Stalled() {
      super("the client does not read", null, false, false);
    }
  }
}
