package antiphon.http.wire;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.util.function.BooleanSupplier;

/**
 * How much is read of a connection at a time: little while heads are expected, of which thousands
 * fit into what is read of a body, and all of them would be parsed before any other connection gets
 * its turn.
 */
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {

  private static final int HEAD = 2 * 1024;
  private static final int BODY = 64 * 1024;
  private static final int READS_IN_A_TURN = 4;

  private final BooleanSupplier body;

  /**
   * @param body whether what comes now belongs to a body; asked on the connection's loop
   */
  ReadSize(BooleanSupplier body) {
    super(READS_IN_A_TURN);
    this.body = body;
  }

  @Override
  public RecvByteBufAllocator.ExtendedHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return body.getAsBoolean() ? BODY : HEAD;
      }
    };
  }
}
