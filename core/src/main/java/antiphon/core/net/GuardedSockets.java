package antiphon.core.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that ask the guard when they connect, whatever has been resolved before and however
 * often. They send at once: a request that is written in parts would else wait for
 * acknowledgements.
 */
final class GuardedSockets extends SocketFactory {

  /** Says no to an address right before it is connected to. */
  @FunctionalInterface
  interface Check {
    void check(InetSocketAddress target) throws ForbiddenAddress;
  }

  private final Check guard;

  GuardedSockets(Check guard) {
    this.guard = guard;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new Guarded(guard);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
  }

  private Socket connected(InetSocketAddress to, @Nullable InetSocketAddress from)
      throws IOException {
    Socket socket = createSocket();
    try {
      if (from != null) {
        socket.bind(from);
      }
      socket.connect(to);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static final class Guarded extends Socket {

    private final Check guard;

    Guarded(Check guard) throws IOException {
      this.guard = guard;
      setTcpNoDelay(true);
    }

    @Override
    public void connect(SocketAddress to) throws IOException {
      connect(to, 0);
    }

    @Override
    public void connect(SocketAddress to, int timeout) throws IOException {
      if (!(to instanceof InetSocketAddress target)) {
        throw new IOException("only addresses of the Internet can be connected to");
      }
      guard.check(target);
      super.connect(to, timeout);
    }
  }
}
