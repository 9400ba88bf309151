package antiphon.testkit.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Writes an answer, well or badly. */
public final class Answer {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private boolean reusable;

  Answer(Socket socket, InputStream in) throws IOException {
    this.socket = socket;
    this.in = in;
    this.out = socket.getOutputStream();
  }

  boolean reusable() {
    return reusable;
  }

  /** A whole answer. */
  public void status(int status, String type, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: " + type);
    for (String header : headers) {
      head.append("\r\n").append(header);
    }
    raw(head + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body);
    reusable = true;
  }

  /** JSON as a whole answer. */
  public void json(int status, String body, String... headers) throws IOException {
    status(status, "application/json", body, headers);
  }

  /** The head of an event stream; it ends with the connection. */
  public Answer stream() throws IOException {
    raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    return this;
  }

  /** The head of a chunked event stream: a close in its middle can be told from its end. */
  public Answer chunked() throws IOException {
    raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    return this;
  }

  /** One chunk of a chunked stream with one event. */
  public Answer chunk(String data) throws IOException {
    byte[] bytes = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    raw(Integer.toHexString(bytes.length) + "\r\n");
    out.write(bytes);
    raw("\r\n");
    return this;
  }

  /** The end of a chunked stream; the connection may be used again. */
  public void lastChunk() throws IOException {
    raw("0\r\n\r\n");
    reusable = true;
  }

  /** Events of data alone. */
  public Answer data(String... data) throws IOException {
    for (String one : data) {
      raw("data: " + one + "\n\n");
    }
    return this;
  }

  /** Bytes as they are. */
  public Answer raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return this;
  }

  /** Says nothing more until the client goes away. */
  public void hang() throws IOException {
    while (in.read() >= 0) {
      // What a client sends behind its request means nothing.
    }
    throw new EOFException("the client went away");
  }

  /** Breaks the connection off. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
