package antiphon.sandbox.agent;

import antiphon.core.sandbox.Sandbox;
import antiphon.sandbox.jail.JailSettings;
import java.time.Duration;
import java.util.List;

/** A server that has a sandbox at work and is waiting to be killed. */
final class CrashingServer {

  private CrashingServer() {}

  /**
   * @param arguments the program that makes sandboxes, and the first of their users
   */
  public static void main(String[] arguments) throws Exception {
    var settings =
        new JailSettings(
            arguments[0],
            null,
            null,
            List.of(),
            Integer.parseInt(arguments[1]),
            true,
            JailSettings.Bounds.DEFAULT);
    var sandboxes = new JailedSandboxes(settings, new SandboxLimits(2, 1, 1L << 28, 1L << 28));
    Sandbox sandbox = sandboxes.open(1L << 28);
    sandbox.command(
        "for i in $(seq 20); do (while true; do :; done) & done; echo running; wait",
        Duration.ofMinutes(5),
        100,
        (_, text) -> System.out.print(text));
  }
}
