package antiphon.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends bytes as a test wants them, well-formed or not. */
final class RawClient implements AutoCloseable {

  final Socket socket = new Socket();
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer in bytes, 0 for the system's choice
   */
  RawClient(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(15_000);
    in = socket.getInputStream();
  }

  /** An answer as it came. */
  record Answer(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** The head of a request with a key. */
  static String head(String line, String... headers) {
    StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ");
    head.append(ScriptedApi.KEY).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** Reads one answer, whose body has a length or is chunked. */
  Answer answer() throws IOException {
    return answer(true);
  }

  Answer answer(boolean hasBody) throws IOException {
    String[] status = line().split(" ", -1);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String body = "";
    if (hasBody && headers.containsKey("content-length")) {
      int length = Integer.parseInt(headers.get("content-length"));
      body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    } else if (hasBody && headers.containsKey("transfer-encoding")) {
      body = chunks();
    }
    return new Answer(Integer.parseInt(status[1]), headers, body);
  }

  /** Reads an answer's head and leaves its body. */
  Answer answerHead() throws IOException {
    return answer(false);
  }

  private String chunks() throws IOException {
    StringBuilder body = new StringBuilder();
    String chunk = chunk();
    while (!chunk.isEmpty()) {
      body.append(chunk);
      chunk = chunk();
    }
    return body.toString();
  }

  /** The next chunk of a chunked body; empty at its end. */
  String chunk() throws IOException {
    int length = Integer.parseInt(line(), 16);
    String chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    line();
    return chunk;
  }

  /** A line without its end; empty at the end of the connection. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** The next bytes; fewer at the end of the connection. */
  byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Waits for the server to close; the bytes that came before. */
  long drain() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long count = 0;
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    } catch (SocketException _) {
      // Reset: closed too.
    }
    return count;
  }

  /** Goes away with a reset instead of a farewell. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
