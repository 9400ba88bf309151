package antiphon.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The bytes that a loop's clients have sent of heads that are not answered yet: of a head without
 * its end, and of requests sent ahead of an answer. Such bytes become many times as much memory,
 * and nobody has shown a key for them; beyond a sum, whoever leaves some behind is cut off. A head
 * that comes in one piece leaves none. Everything happens on the loop.
 */
final class Heads {

  /** What a byte of a head can become at the worst, in objects: a header of three bytes. */
  private static final int SWELLING = 48;

  /** The part of the heap that heads may swell to. */
  private static final int PART = 8;

  /** A head up to this is taken as the only one that was waited for. */
  private static final int ORDINARY = 8 * 1024;

  private final long most;
  private long sum;

  /**
   * @param most bytes, over all connections of the loop
   */
  Heads(long most) {
    this.most = most;
  }

  /** What suits the heap, divided among the loops. */
  static Heads forLoops(int loops) {
    return new Heads(
        Math.max(64 * 1024, Runtime.getRuntime().maxMemory() / PART / SWELLING / loops));
  }

  /** A connection's part. */
  final class Account {
    private long bytes;

    private void add(int more) {
      bytes += more;
      sum += more;
    }

    /** One request's head is complete. */
    void complete(Exchange exchange) {
      take(bytes <= ORDINARY ? bytes : Math.min(bytes, exchange.headBytes()));
    }

    /** Nothing is waited for, or the connection is gone. */
    void clear() {
      take(bytes);
    }

    private void take(long less) {
      bytes -= less;
      sum -= less;
    }

    boolean tooMuch() {
      return bytes > 0 && sum > most;
    }

    /** Counts what has come; false if it is too much already, and no head ends in it. */
    boolean takes(ByteBuf part) {
      if (sum + part.readableBytes() > most && !endsHead(part)) {
        return false;
      }
      add(part.readableBytes());
      return true;
    }
  }

  /** Whether there is an empty line in it: to look costs far less than to parse. */
  private static boolean endsHead(ByteBuf part) {
    int line = 0;
    for (int at = part.readerIndex(); at < part.writerIndex(); at++) {
      byte next = part.getByte(at);
      if (next == '\n') {
        if (line == 0) {
          return true;
        }
        line = 0;
      } else if (next != '\r') {
        line++;
      }
    }
    return false;
  }

  /** Counts what comes in, before it is parsed. */
  static final class Counter extends ChannelInboundHandlerAdapter {
    private final Connection connection;

    Counter(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes && !connection.takes(bytes)) {
        bytes.release();
        connection.refused();
        return;
      }
      context.fireChannelRead(message);
      connection.parsed();
    }
  }
}
