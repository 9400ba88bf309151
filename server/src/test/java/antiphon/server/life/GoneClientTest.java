package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.engine.ScriptedEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves cancels its foreground response, though the server has nothing to write. */
class GoneClientTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavingIsACancel(boolean stream) throws IOException {
    Gate gate = new Gate(10);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      String body = "{\"model\":\"auto\",\"input\":\"x\",\"stream\":" + stream + "}";
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.uri("").getPort())) {
        socket.getOutputStream().write(post(node, body));
        Await.until("running", () -> engine.running() == 1);
      }
      Await.until("stopped", () -> engine.stopped() == 1);
      Await.until("written", () -> node.get("/responses").json().at("/data").size() == 1);
      String id = node.get("/responses").text("/data/0/id");
      Await.until(
          "cancelled", () -> node.get("/responses/" + id).text("/status").equals("cancelled"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavingABackgroundResponseIsNone(boolean stream) throws IOException {
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      String body =
          "{\"model\":\"auto\",\"input\":\"x\",\"background\":true,\"stream\":" + stream + "}";
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.uri("").getPort())) {
        socket.getOutputStream().write(post(node, body));
        Await.until("running", () -> engine.running() == 1);
      }
      gate.pass(2);
      String id = node.get("/responses").text("/data/0/id");
      Await.until(
          "completed", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      assertThat(engine.stopped()).isZero();
    }
  }

  private static byte[] post(Node node, String body) {
    return ("POST /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + node.key()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
