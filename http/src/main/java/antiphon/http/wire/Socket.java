package antiphon.http.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket in blocking style: one virtual thread receives, any may send. Nothing more is read
 * while a message waits to be received, and who sends waits while the client is behind.
 */
public final class Socket {

  /** Close codes of RFC 6455. */
  public static final short NORMAL = 1000;

  public static final short GOING_AWAY = 1001;
  public static final short NOT_TEXT = 1003;
  public static final short POLICY = 1008;

  /** No more than this is on its way before a further message, in bytes. */
  private static final int ROOM = 64 * 1024;

  private static final String END = "";

  private final ServerWebSocket socket;
  private final Connection connection;
  private final Duration patience;
  private final BlockingQueue<String> inbox = new ArrayBlockingQueue<>(4);
  private final AtomicInteger unsent = new AtomicInteger();
  private final ReentrantLock sending = new ReentrantLock(true);
  private volatile boolean gone;
  private volatile boolean draining;
  private volatile boolean answered = true;
  private volatile @Nullable Thread waiting;

  /** On the event loop, before a message can come. */
  Socket(ServerWebSocket socket, Connection connection, Duration patience) {
    this.socket = socket;
    this.connection = connection;
    this.patience = patience;
    socket.textMessageHandler(this::received);
    socket.binaryMessageHandler(_ -> close(NOT_TEXT, "messages are JSON texts"));
    socket.pongHandler(_ -> answered = true);
    socket.exceptionHandler(_ -> {});
    socket.closeHandler(_ -> left());
    // Without a handler Vert.x would close it at once.
    socket.shutdownHandler(_ -> {
      draining = true;
      connection.draining();
    });
  }

  private void received(String message) {
    socket.pause();
    if (message.isEmpty() || !inbox.offer(message)) {
      close(POLICY, "more messages than are taken");
    }
  }

  private void left() {
    gone = true;
    inbox.clear();
    var _ = inbox.offer(END);
    LockSupport.unpark(waiting);
    connection.closed();
  }

  /** Whether the client has left. */
  public boolean gone() {
    return gone;
  }

  /** Whether the server stops, so that this is to be closed as soon as nothing runs. */
  public boolean draining() {
    return draining;
  }

  /**
   * The next message.
   *
   * @return null if none came in time, or the client has left
   */
  public @Nullable String receive(Duration within) throws InterruptedException {
    String message = inbox.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null || message.equals(END)) {
      return null;
    }
    connection.onLoop(socket::resume);
    return message;
  }

  /** Asks whether the client is there; false if it has not answered the last time. */
  public boolean ping() {
    boolean alive = answered;
    answered = false;
    connection.onLoop(() -> {
      var _ = socket.writePing(Buffer.buffer());
    });
    return alive;
  }

  /**
   * Sends a message; waits while the client is behind.
   *
   * @throws ClientGone if it has left, or read nothing for too long
   */
  public void send(byte[] json) throws InterruptedException {
    sending.lockInterruptibly();
    try {
      awaitRoom();
      unsent.addAndGet(json.length);
      socket
          .writeFinalTextFrame(new String(json, StandardCharsets.UTF_8))
          .onComplete(_ -> {
            unsent.addAndGet(-json.length);
            LockSupport.unpark(waiting);
          });
    } finally {
      sending.unlock();
    }
  }

  private void awaitRoom() throws InterruptedException {
    waiting = Thread.currentThread();
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      int behind = unsent.get();
      while (!gone && unsent.get() >= ROOM) {
        LockSupport.parkNanos(this, deadline - System.nanoTime());
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (unsent.get() < behind) {
          behind = unsent.get();
          deadline = System.nanoTime() + patience.toNanos();
        } else if (deadline - System.nanoTime() <= 0) {
          connection.cut();
          throw new ClientGone();
        }
      }
      if (gone) {
        throw new ClientGone();
      }
    } finally {
      waiting = null;
    }
  }

  /** Says goodbye and closes. */
  public void close(short code, String reason) {
    connection.onLoop(() -> {
      var _ = socket.close(code, reason);
    });
  }
}
