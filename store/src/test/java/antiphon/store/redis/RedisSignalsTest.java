package antiphon.store.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.store.Signals;
import antiphon.store.signals.SignalsContract;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

final class RedisSignalsTest extends SignalsContract {

  private static RedisServer server;

  @BeforeAll
  static void start() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    server = RedisServer.newRedisServer().port(port).bind("127.0.0.1").build();
    server.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.stop();
  }

  @Override
  protected int port() {
    return server.ports().getFirst();
  }

  @Override
  protected Signals open(int port) {
    return RedisSignals.open("redis://127.0.0.1:" + port);
  }

  @Test
  void aBadAddressIsRefusedWithoutItsPassword() {
    assertThatThrownBy(() -> RedisSignals.open("http://:secret@host"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
