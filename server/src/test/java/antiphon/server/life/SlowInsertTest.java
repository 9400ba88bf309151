package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.ResponseStore;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.ScriptedEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a busy node a heartbeat may pass between a request and its insert. */
final class SlowInsertTest {

  /** More than the time between two heartbeats of {@link Node#settings}. */
  private static final long SLOW_MILLIS = 2500;

  @TempDir Path folder;

  @Test
  void aRunWhoseRowIsNotYetOnItsWayIsNotLost() {
    Storage plain = Storage.open(SettingsFile.read(null, Map.of()).store(), new DataFolder(folder));
    Storage slow = new Storage(slow(plain.responses()), plain.keys(), plain.signals());
    Gate gate = new Gate(1);
    gate.pass(1);
    try (Node node = new Node(slow, Node.settings(8, 8), new ScriptedEngine(gate.script()))) {
      Node.Answer answer = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}");

      assertThat(answer.body()).contains("\"completed\"");
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  private static ResponseStore slow(ResponseStore store) {
    return (ResponseStore)
        Proxy.newProxyInstance(
            ResponseStore.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("insert")) {
                Thread.sleep(SLOW_MILLIS);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
