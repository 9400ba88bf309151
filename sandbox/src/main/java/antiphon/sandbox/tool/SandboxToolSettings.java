package antiphon.sandbox.tool;

import java.time.Duration;

/**
 * How much the tools of sandboxes may take.
 *
 * @param cell how long a cell of Python may run
 * @param command how long the commands of a call may run together, if the call does not say
 * @param longest how long anything may run, whatever a call says
 * @param outputChars how many characters of each output stream are taken
 */
public record SandboxToolSettings(
    Duration cell, Duration command, Duration longest, int outputChars) {

  public static final SandboxToolSettings DEFAULT =
      new SandboxToolSettings(
          Duration.ofSeconds(120), Duration.ofSeconds(60), Duration.ofSeconds(240), 64_000);
}
