package antiphon.sandbox.agent;

import antiphon.protocol.json.Json;
import antiphon.sandbox.jail.JailSettings;
import java.util.List;
import java.util.Map;

/** What the agent is told when it starts. */
final class AgentOptions {

  /** What most cells begin with, and what takes long. */
  private static final List<String> PRELOADED = List.of("numpy", "pandas", "matplotlib.pyplot");

  private AgentOptions() {}

  /**
   * @param watch whether the agent has to watch the memory, because the kernel cannot
   */
  static String of(JailSettings settings, long memory, boolean watch, boolean preload) {
    JailSettings.Bounds bounds = settings.bounds();
    return Json.text(
        Map.of(
            "processes",
            bounds.processes(),
            "open_files",
            bounds.openFiles(),
            "disk",
            bounds.disk(),
            "memory",
            memory,
            "watch_memory",
            watch,
            "preload",
            preload && settings.packages() != null ? PRELOADED : List.of()));
  }
}
