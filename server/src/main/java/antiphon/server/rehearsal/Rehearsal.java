package antiphon.server.rehearsal;

import antiphon.core.engine.Engine;
import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.core.queue.TenantLimits;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.demo.Demo;
import antiphon.server.demo.DemoClient;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.EngineSettings;
import antiphon.server.settings.ServerSettings;
import antiphon.server.wiring.Installation;
import antiphon.server.wiring.Upstreams;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server on a folder that is thrown away, with an engine of its own: what a start and its first
 * requests load and compile is known to the virtual machine afterwards. Needs no model and no
 * network.
 */
public final class Rehearsal {

  private static final Duration HUMMING = Duration.ofMillis(500);
  private static final Duration LOAD = Duration.ofSeconds(1);
  private static final int CLIENTS = 8;

  private Rehearsal() {}

  /**
   * Has a response made, streamed and cancelled, and then many made for a second, for the virtual
   * machine to keep what it has learned of them.
   *
   * @param out shows what happens
   * @return whether the server did all that it should
   * @throws IOException if there is no room for the folder
   */
  public static boolean run(PrintWriter out) throws IOException, InterruptedException {
    return with(
        Path.of(System.getProperty("java.io.tmpdir")),
        (server, key) -> {
          try (DemoClient client = new DemoClient(server.address(), key)) {
            if (!new Demo(client, out, HUMMING).run()) {
              return false;
            }
          }
          int answered = load(server, key, LOAD);
          out.println(answered + " calls answered.");
          return answered > 0;
        });
  }

  /**
   * Has many responses made, in the program that is to serve others a moment later.
   *
   * @param time how long
   * @throws IOException if there is no room for the folder
   */
  public static void warmUp(Duration time) throws IOException, InterruptedException {
    warmUp(time, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * @param parent where the folder is made
   */
  static void warmUp(Duration time, Path parent) throws IOException, InterruptedException {
    var _ = with(parent, (server, key) -> load(server, key, time) > 0);
  }

  private interface Act {
    boolean with(Installation server, String key) throws InterruptedException;
  }

  private static boolean with(Path parent, Act act) throws IOException, InterruptedException {
    Path root = Files.createTempDirectory(parent, "antiphon-rehearsal-");
    ServerSettings settings = ServerSettings.DEFAULT.at("127.0.0.1", 0, null);
    try (LoopbackEngine loopback = new LoopbackEngine();
        Installation server =
            Installation.start(
                settings, new DataFolder(root), engines(loopback), TenantLimits.NONE)) {
      return act.with(server, server.keys().create("rehearsal", "").key());
    } finally {
      remove(root);
    }
  }

  private static int load(Installation server, String key, Duration time)
      throws InterruptedException {
    try (Load load = new Load(server.address(), key)) {
      return load.run(time, CLIENTS);
    }
  }

  private static Engines engines(LoopbackEngine loopback) {
    ChatSettings chat = ChatSettings.of(UpstreamSettings.at("loopback", loopback.url(), null));
    Engine upstream = Upstreams.chat(new EngineSettings.Chat("loopback", List.of(chat)));
    return new Engines(List.of(new Humming(), upstream), ModelMap.NONE);
  }

  private static void remove(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
