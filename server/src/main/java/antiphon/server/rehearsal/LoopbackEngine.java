package antiphon.server.rehearsal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A Chat Completions engine on a port of the loopback that says the same words to whatever it is
 * asked, streamed or not: what a server calls in a rehearsal, through its real adapter.
 */
final class LoopbackEngine implements AutoCloseable {

  private static final int WORDS = 20;
  private static final int MAX_HEAD = 16 * 1024;

  private static final String CHUNK =
      """
      data: {"id":"chatcmpl-r","object":"chat.completion.chunk","created":1,"model":"hm",\
      "choices":[{"index":0,"delta":{%s},"finish_reason":%s}]}

      """;

  /** The model it has. */
  static final String MODEL = "rehearsal";

  private static final byte[] MODELS =
      answer(
          "application/json",
          "{\"object\":\"list\",\"data\":[{\"id\":\"" + MODEL + "\",\"object\":\"model\"}]}");
  private static final byte[] WHOLE = answer("application/json", whole());
  private static final byte[] STREAM = answer("text/event-stream", stream());

  private final ServerSocket socket;

  LoopbackEngine() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("loopback-engine").start(this::accept);
  }

  /** Its base URL. */
  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
  }

  private static String whole() {
    return """
    {"id":"chatcmpl-r","object":"chat.completion","created":1,"model":"hm","choices":[{"index":0,\
    "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],\
    "usage":{"prompt_tokens":9,"completion_tokens":%d,"total_tokens":%d}}\
    """
        .formatted("hm ".repeat(WORDS), WORDS, WORDS + 9);
  }

  private static String stream() {
    StringBuilder text = new StringBuilder(CHUNK.formatted("\"role\":\"assistant\"", "null"));
    for (int i = 0; i < WORDS; i++) {
      text.append(CHUNK.formatted("\"content\":\"hm \"", "null"));
    }
    return text.append(CHUNK.formatted("", "\"stop\"")).append("data: [DONE]\n\n").toString();
  }

  private static byte[] answer(String type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n"
            .formatted(type, bytes.length);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed: the rehearsal is over.
    }
  }

  private static void serve(Socket client) {
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream()) {
      client.setTcpNoDelay(true);
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        String body = new String(in.readNBytes(length(head)), StandardCharsets.UTF_8);
        out.write(
            head.startsWith("get ") ? MODELS : body.contains("\"stream\":true") ? STREAM : WHOLE);
      }
    } catch (IOException _) {
      // The server has let go of the connection.
    }
  }

  /** The lines of a request's head in small letters; empty at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MAX_HEAD && head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append(Character.toLowerCase((char) next));
    }
    return head.toString();
  }

  private static int length(String head) {
    String name = "\ncontent-length:";
    int at = head.indexOf(name);
    return at < 0
        ? 0
        : Integer.parseInt(head.substring(at + name.length(), head.indexOf('\r', at + 1)).strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
