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
 * Starts a server on a folder that is thrown away, has a response made, streamed and cancelled, and
 * stops: what a start and first requests load, for the virtual machine to keep. Needs no model and
 * no network.
 */
public final class Rehearsal {

  private static final Duration HUMMING = Duration.ofMillis(500);

  /** Nobody listens there; an engine of this kind is loaded all the same. */
  private static final String NOWHERE = "http://127.0.0.1:9/v1";

  private Rehearsal() {}

  /**
   * Runs it.
   *
   * @param out shows what happens
   * @return whether the server did all that it should
   * @throws IOException if there is no room for the folder
   */
  public static boolean run(PrintWriter out) throws IOException, InterruptedException {
    Path root = Files.createTempDirectory("antiphon-rehearsal-");
    try {
      return perform(new DataFolder(root), out);
    } finally {
      remove(root);
    }
  }

  private static boolean perform(DataFolder folder, PrintWriter out) throws InterruptedException {
    ServerSettings settings = ServerSettings.DEFAULT.at("127.0.0.1", 0, null);
    try (Installation server = Installation.start(settings, folder, engines(), TenantLimits.NONE)) {
      String key = server.keys().create("rehearsal", "").key();
      try (DemoClient client = new DemoClient(server.address(), key)) {
        return new Demo(client, out, HUMMING).run();
      }
    }
  }

  private static Engines engines() {
    ChatSettings chat = ChatSettings.of(UpstreamSettings.at("nowhere", NOWHERE, null));
    Engine upstream = Upstreams.chat(new EngineSettings.Chat("nowhere", List.of(chat)));
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
