package antiphon.testkit.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A network between a client and a server on this machine that can be cut and stalled. */
public final class TcpProxy implements AutoCloseable {

  private enum Mode {
    FLOWS,
    STALLS,
    REFUSES
  }

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Mode mode = Mode.FLOWS;

  /** Listens on a free port of the loopback and passes everything on to another. */
  public TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  /** Where clients connect. */
  public int port() {
    return server.getLocalPort();
  }

  /** How many connections there are, counted from the clients. */
  public int connections() {
    return (int)
        sockets.stream()
            .filter(socket -> !socket.isClosed() && socket.getLocalPort() == port())
            .count();
  }

  /** Breaks all connections; new ones work. */
  public void cut() {
    sockets.forEach(TcpProxy::closeQuietly);
    sockets.clear();
  }

  /** Breaks all connections and refuses new ones, until {@link #flow}. */
  public void refuse() {
    set(Mode.REFUSES);
    cut();
  }

  /** Passes nothing on and says nothing, until {@link #flow}. */
  public void stall() {
    set(Mode.STALLS);
  }

  /** Passes everything on again. */
  public void flow() {
    set(Mode.FLOWS);
  }

  private void set(Mode next) {
    lock.lock();
    try {
      mode = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        pass(server.accept());
      } catch (IOException e) {
        // The next one may fare better; a closed server ends the loop.
      }
    }
  }

  private void pass(Socket client) throws IOException {
    sockets.add(client);
    if (now() == Mode.REFUSES) {
      closeQuietly(client);
      return;
    }
    Socket upstream;
    try {
      upstream = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      closeQuietly(client);
      throw e;
    }
    sockets.add(upstream);
    Thread.ofPlatform().daemon().name("proxy-up").start(() -> copy(client, upstream));
    Thread.ofPlatform().daemon().name("proxy-down").start(() -> copy(upstream, client));
  }

  private Mode now() {
    lock.lock();
    try {
      return mode;
    } finally {
      lock.unlock();
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        awaitFlow();
        out.write(buffer, 0, length);
      }
    } catch (IOException | InterruptedException e) {
      // The connection is over.
    }
  }

  private void awaitFlow() throws InterruptedException {
    lock.lock();
    try {
      while (mode == Mode.STALLS) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    flow();
    cut();
  }
}
