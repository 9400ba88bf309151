package antiphon.testkit.upstream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server over plain sockets: each request gets the next script, the last one again and again. */
public final class FakeUpstream implements AutoCloseable {

  private final ServerSocket server;
  private final List<Script> scripts = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger gone = new AtomicInteger();
  private final AtomicInteger closedIdle = new AtomicInteger();
  private final AtomicInteger closedByClient = new AtomicInteger();
  private final AtomicInteger played = new AtomicInteger();

  private final Duration idle;

  public FakeUpstream(Script... scripts) {
    this(Duration.ZERO, scripts);
  }

  /**
   * @param idle how long a connection may be idle until it is closed; zero for ever
   */
  public FakeUpstream(Duration idle, Script... scripts) {
    this.idle = idle;
    this.scripts.addAll(List.of(scripts));
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The base URL with its version. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
  }

  /** All requests so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many connections were idle for too long, and closed. */
  public int closedIdle() {
    return closedIdle.get();
  }

  /** How many idle connections their clients have closed. */
  public int closedByClient() {
    return closedByClient.get();
  }

  /** How many clients went away while a script still waited for something. */
  public int gone() {
    return gone.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        if (!awaitRequest(socket, in)) {
          closedIdle.incrementAndGet();
          return;
        }
        Request request = request(in);
        if (request == null) {
          closedByClient.incrementAndGet();
          return;
        }
        requests.add(request);
        Script script = scripts.get(Math.min(played.getAndIncrement(), scripts.size() - 1));
        Answer answer = new Answer(socket, in);
        script.play(request, answer);
        if (!answer.reusable()) {
          return;
        }
      }
    } catch (IOException _) {
      gone.incrementAndGet();
    }
  }

  /** False if the connection has been idle for too long. */
  private boolean awaitRequest(Socket socket, InputStream in) throws IOException {
    socket.setSoTimeout(Math.toIntExact(idle.toMillis()));
    in.mark(1);
    try {
      if (in.read() >= 0) {
        in.reset();
      }
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  private static @Nullable Request request(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String[] parts = first.split(" ", -1);
    return new Request(parts[0], parts[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the server does with a request. */
  @FunctionalInterface
  public interface Script {

    /** Plays it; an exception means that the client went away. */
    void play(Request request, Answer answer) throws IOException;
  }

  /** What came in; header names in lower case. */
  public record Request(String method, String path, Map<String, String> headers, String body) {}
}
