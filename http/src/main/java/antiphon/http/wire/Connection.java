package antiphon.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and what it owes us by when. Its loop looks at the deadline now and then:
 * no request costs a timer. Everything happens on that loop unless it says otherwise.
 */
final class Connection {

  /** How long a client may go on sending a body that nobody reads, after its answer. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /**
   * How many looks in a row may find that nothing more is read. Vert.x stops reading when a few
   * pipelined requests wait behind a running one, and then it would not notice the client leave.
   */
  private static final int DEAF = 20;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long BYTES_A_SECOND = 64 * 1024;

  /** What the client is expected to do. */
  private enum Owes {
    NOTHING,
    /** Send the head of a request. */
    HEAD,
    BODY,
    /** Read its answer, or leave. */
    LEAVE
  }

  private final HttpConnection wire;
  private final Loop.Works loop;
  private final HttpSettings settings;
  private final Heads.Account heads;
  private @Nullable Exchange current;

  private long bodyDeadline;
  private int deaf;

  /** Of what is a WebSocket now. */
  private volatile @Nullable SocketIntake frames;

  private Runnable whenFull = () -> {};

  private Runnable whenClosed = () -> {};

  private volatile Owes owes = Owes.NOTHING;

  /** In milliseconds of {@link #now}. */
  private volatile long deadline = NEVER;

  Connection(HttpConnection wire, Loop.Works loop, HttpSettings settings, Heads.Account heads) {
    this.wire = wire;
    this.loop = loop;
    this.settings = settings;
    this.heads = heads;
    if (wire instanceof ConnectionBase base) {
      base.channel().pipeline().addFirst(new Heads.Counter(this));
      base.channel().config().setRecvByteBufAllocator(new ReadSize(this::expectsBody));
    }
    owe(Owes.HEAD, settings.headerTimeout());
  }

  /** Milliseconds of a clock that only goes forward. */
  static long now() {
    return System.nanoTime() / 1_000_000;
  }

  private void owe(Owes what, Duration within) {
    owes = what;
    deadline = now() + within.toMillis();
  }

  private void oweNothing() {
    deadline = NEVER;
    owes = Owes.NOTHING;
  }

  /** What else is to be done when it is closed, once. */
  void whenClosed(Runnable work) {
    whenClosed = work;
  }

  /**
   * No further request comes.
   *
   * @param intake counts what comes from now on
   * @param full is run, once, when that is too much; nothing more is parsed then
   */
  void upgraded(SocketIntake intake, Runnable full) {
    frames = intake;
    whenFull = full;
    heads.clear();
    oweNothing();
  }

  /** The server stops: a client that does not leave is not waited for. */
  void draining() {
    owe(Owes.LEAVE, settings.idleTimeout());
  }

  /** A request's head has come. */
  void begin(Exchange exchange) {
    heads.complete(exchange);
    current = exchange;
    oweNothing();
  }

  /** What has come is about to be parsed; false if it must not be. */
  boolean takes(ByteBuf part) {
    SocketIntake intake = frames;
    return intake == null ? expectsBody() || heads.takes(part) : intake.takes(part.readableBytes());
  }

  /** What must not be parsed is thrown away, and nothing follows it. */
  void refused() {
    Runnable full = whenFull;
    if (frames == null) {
      cut();
    } else {
      whenFull = () -> {};
      full.run();
    }
  }

  private boolean expectsBody() {
    Exchange exchange = current;
    return exchange != null && !exchange.bodyEnded();
  }

  /** What had come has been parsed. */
  void parsed() {
    if (heads.tooMuch()) {
      cut();
    }
  }

  /** The body of the request is wanted now. */
  void awaitBody() {
    owe(Owes.BODY, settings.bodyTimeout());
    bodyDeadline = deadline;
  }

  /** Part of the body has come; who sends fast enough is never late. */
  void received(int bytes) {
    if (owes == Owes.BODY) {
      bodyDeadline += bytes * 1000L / BYTES_A_SECOND;
      deadline = bodyDeadline;
    }
  }

  /** The body is there, or will not be read. */
  void bodyDone() {
    if (owes == Owes.BODY) {
      oweNothing();
    }
  }

  /** All of the body has come, wanted or not. */
  void bodyEnded(Exchange exchange) {
    if (current == exchange && exchange.answered()) {
      leave();
    }
  }

  /** Does this on the connection's loop; called on any thread. */
  void onLoop(Runnable work) {
    loop.now(work);
  }

  /** Does this on the loop in so many milliseconds. */
  void after(long millis, Runnable work) {
    loop.after(millis, work);
  }

  /** So much of a long body has come; for how many milliseconds no more should be read of it. */
  long intake(int bytes) {
    return loop.intake().take(bytes, now());
  }

  /** The whole answer is on its way; called on any thread. */
  void flushing() {
    owe(Owes.LEAVE, settings.writeDeadline());
  }

  /**
   * The whole answer has left.
   *
   * @param bodyEnded whether the request had been received to its end
   * @param close whether the answer said that it is the last on this connection
   */
  void replied(Exchange exchange, boolean bodyEnded, boolean close) {
    if (current != exchange) {
      return;
    }
    if (!bodyEnded) {
      // Closing now would reset the connection and take the answer from a client still sending.
      owe(Owes.LEAVE, LINGER);
      return;
    }
    if (close) {
      leave();
    } else {
      current = null;
      heads.clear();
      owe(Owes.HEAD, settings.idleTimeout());
    }
  }

  private void leave() {
    current = null;
    owe(Owes.LEAVE, LINGER);
    wire.close();
  }

  /** Acts on a deadline that has passed, or on a connection gone deaf. */
  void check(long nowMillis) {
    boolean late = nowMillis >= deadline;
    Exchange exchange = current;
    if (late) {
      oweNothing();
    }
    if (!late || exchange == null || !exchange.bodyLate()) {
      cut();
    }
  }

  /** Whether {@link #check} has something to do; called at every look. */
  boolean overdue(long nowMillis) {
    // A body that is taken in at a pace is paused most of the time, and has a deadline of its own.
    boolean unread = current != null && frames == null && !expectsBody() && !reads();
    deaf = unread ? deaf + 1 : 0;
    return nowMillis >= deadline || deaf > DEAF;
  }

  private boolean reads() {
    return !(wire instanceof ConnectionBase base) || base.channel().config().isAutoRead();
  }

  /** The connection is closed. */
  void closed() {
    heads.clear();
    SocketIntake intake = frames;
    if (intake != null) {
      intake.close();
    }
    oweNothing();
    Exchange exchange = current;
    current = null;
    if (exchange != null) {
      exchange.left();
    }
    Runnable rest = whenClosed;
    whenClosed = () -> {};
    rest.run();
  }

  /**
   * Closes the socket at once, whatever is still unsent; called on any thread. {@link
   * HttpConnection#close} would first wait for a client that does not read to read all of it, so
   * this goes around Vert.x's own handler, and resets the connection so that the system's buffers
   * go too and the client sees a broken answer, not an ended one.
   */
  void cut() {
    if (wire instanceof ConnectionBase base) {
      Channel channel = base.channel();
      channel
          .eventLoop()
          .execute(() -> {
            if (channel.isActive()) {
              channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            var _ = base.channelHandlerContext().close();
          });
    } else {
      wire.close();
    }
  }
}
