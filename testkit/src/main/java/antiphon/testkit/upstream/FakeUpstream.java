package antiphon.testkit.upstream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
  private final AtomicInteger played = new AtomicInteger();

  public FakeUpstream(Script... scripts) {
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
        Request request = request(in);
        if (request == null) {
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
