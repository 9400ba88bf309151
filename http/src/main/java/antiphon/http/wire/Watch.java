package antiphon.http.wire;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * What a connection is waiting for, and since when. A sweep cuts those that wait too long; so no
 * request needs a timer of its own.
 */
final class Watch {

  /** What the client owes us, or we it. */
  enum State {
    /** Nothing has come yet. */
    NEW,
    /** A request's body is coming. */
    BODY,
    /** We are at work: the client may wait as long as it likes. */
    WORKING,
    /** An answer is on its way. */
    SENDING,
    /** Between two requests. */
    IDLE
  }

  private final HttpConnection connection;
  private volatile State state = State.NEW;
  private volatile long since = System.nanoTime();

  Watch(HttpConnection connection) {
    this.connection = connection;
  }

  void enter(State next) {
    since = System.nanoTime();
    state = next;
  }

  /** Cuts the connection if it has been waiting too long. */
  void sweep(HttpSettings settings, long now) {
    long limit =
        switch (state) {
          case NEW -> settings.headerTimeout().toNanos();
          case BODY -> settings.bodyTimeout().toNanos();
          case SENDING -> settings.writeTimeout().toNanos();
          case IDLE -> settings.idleTimeout().toNanos();
          case WORKING -> Long.MAX_VALUE;
        };
    if (now - since > limit) {
      cut();
    }
  }

  /** Closes the connection if nothing is under way on it. */
  void closeIfIdle() {
    if (state == State.NEW || state == State.IDLE) {
      cut();
    }
  }

  /**
   * Closes the socket at once. Vert.x' own close first waits for what is still to be written, which a
   * client that does not read would delay for ever.
   */
  void cut() {
    if (connection instanceof ConnectionBase base) {
      var _ = base.channel().close();
    } else {
      var _ = connection.close();
    }
  }
}
