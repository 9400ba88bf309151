package antiphon.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The MCP project's own server with a bit of everything, over streamable HTTP. */
final class NodeMcpServer implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final int port;

  private NodeMcpServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it listens. */
  static NodeMcpServer start(Clients clients, Path folder) {
    try {
      int port = freePort();
      ProcessBuilder builder =
          new ProcessBuilder(
                  List.of("node", clients.everythingScript().toString(), "streamableHttp"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("everything.out").toFile());
      builder.environment().put("PORT", String.valueOf(port));
      NodeMcpServer server = new NodeMcpServer(builder.start(), port);
      server.awaitPort();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void awaitPort() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < deadline) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException _) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("the MCP server ended with " + process.exitValue());
        }
      }
    }
    throw new IllegalStateException("the MCP server does not listen");
  }

  /** Where it is. */
  String address() {
    return "http://127.0.0.1:" + port + "/mcp";
  }

  @Override
  public void close() {
    process.destroy();
  }
}
