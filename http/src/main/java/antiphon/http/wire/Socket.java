package antiphon.http.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.io.ByteArrayOutputStream;
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
  public static final short TOO_BIG = 1009;
  public static final short TRY_AGAIN_LATER = 1013;

  /** No more than this is on its way before a further message, in bytes. */
  private static final int ROOM = 64 * 1024;

  /** How long a client that cannot be heard may take to leave. */
  private static final long LINGER_MILLIS = 2000;

  private final ServerWebSocket socket;
  private final Connection connection;
  private final Duration patience;
  private final SocketIntake intake;
  private final int most;
  private ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private final BlockingQueue<Message> inbox = new ArrayBlockingQueue<>(4);
  private final AtomicInteger unsent = new AtomicInteger();
  private final ReentrantLock sending = new ReentrantLock(true);
  private volatile boolean gone;
  private volatile boolean draining;
  private volatile @Nullable Farewell closing;
  private volatile boolean answered = true;
  private volatile @Nullable Thread waiting;

  private volatile Runnable whenFull =
      () -> close(TRY_AGAIN_LATER, "all clients together have sent too much");

  /** On the event loop, before a message can come. */
  Socket(
      ServerWebSocket socket, Connection connection, HttpSettings settings, SocketIntake intake) {
    this.socket = socket;
    this.connection = connection;
    this.patience = settings.writeDeadline();
    this.intake = intake;
    this.most = settings.maxBodyBytes();
    socket.frameHandler(this::take);
    socket.pongHandler(_ -> {
      answered = true;
      intake.control();
    });
    socket.exceptionHandler(_ -> {});
    socket.closeHandler(_ -> left());
    // Without a handler Vert.x would close it at once when the server stops.
    socket.shutdownHandler(_ -> ending());
  }

  /**
   * What the client has sent; counts against the bytes of all bodies until it is closed.
   *
   * @param json as it came
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  public record Message(byte[] json, Runnable done) implements AutoCloseable {

    private static final Message END = new Message(new byte[0], () -> {});

    /** It is done with; may be called again. */
    @Override
    public void close() {
      done.run();
    }
  }

  private record Farewell(short code, String reason) {}

  /** Puts messages together; the order of their frames has been looked at. */
  private void take(WebSocketFrame frame) {
    if (frame.isBinary()) {
      close(NOT_TEXT, "messages are JSON texts");
    } else if (frame.isText() || frame.isContinuation()) {
      if (!frame.isFinal()) {
        intake.part();
      }
      byte[] part = frame.binaryData().getBytes();
      if (parts.size() + part.length > most) {
        close(TOO_BIG, "messages are no longer than bodies");
      } else if (frame.isFinal() && parts.size() == 0) {
        received(part);
      } else {
        parts.writeBytes(part);
        if (frame.isFinal()) {
          received(parts.toByteArray());
          parts = new ByteArrayOutputStream();
        }
      }
    }
  }

  private void received(byte[] json) {
    BodyBudget.Share share = intake.whole();
    intake.pause();
    socket.pause();
    if (json.length == 0 || !inbox.offer(new Message(json, share::release))) {
      share.release();
      close(POLICY, "more messages than are taken");
    }
  }

  /**
   * What is to be done, once, when the client sends more than all clients together may: nothing
   * more can be heard of it then, and soon the connection is cut.
   *
   * @param work must not wait
   */
  public void whenFull(Runnable work) {
    whenFull = work;
  }

  /** On the loop. */
  void full() {
    whenFull.run();
    connection.after(LINGER_MILLIS, connection::cut);
  }

  /** The server stops, or one side closes: then it takes a second close to do so. */
  private void ending() {
    Farewell farewell = closing;
    if (farewell != null) {
      var _ = socket.close(farewell.code, farewell.reason);
    } else if (socket.closeStatusCode() != null) {
      var _ = socket.close();
    } else {
      draining = true;
      connection.draining();
    }
  }

  private void left() {
    gone = true;
    for (Message message = inbox.poll(); message != null; message = inbox.poll()) {
      message.close();
    }
    var _ = inbox.offer(Message.END);
    LockSupport.unpark(waiting);
    connection.closed();
  }

  /** Whether the client has left, or has been told to. */
  public boolean over() {
    return gone || closing != null;
  }

  /** Whether the server stops, so that this is to be closed as soon as nothing runs. */
  public boolean draining() {
    return draining;
  }

  /**
   * Counts what is remembered for this client against the bytes of all bodies.
   *
   * @return false if there are not so many
   */
  public boolean keep(long bytes) {
    return intake.keep(bytes);
  }

  /** So many of those are not remembered any more. */
  public void forget(long bytes) {
    intake.forget(bytes);
  }

  /** Whether a message was begun and the rest of it does not come. */
  public boolean late() {
    return intake.late();
  }

  /**
   * The next message, which is to be closed.
   *
   * @return null if none came in time, or the client has left
   */
  public @Nullable Message receive(Duration within) throws InterruptedException {
    Message message = inbox.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null || message.json.length == 0) {
      return null;
    }
    connection.onLoop(() -> {
      intake.resume();
      socket.resume();
    });
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
    closing = new Farewell(code, reason);
    connection.onLoop(() -> {
      var _ = socket.close(code, reason);
    });
  }
}
