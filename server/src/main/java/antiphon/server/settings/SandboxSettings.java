package antiphon.server.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where code is run.
 *
 * @param enabled whether there are any sandboxes
 * @param bubblewrap the program that makes them
 * @param python the interpreter inside; null for the machine's
 * @param packages the folder of Python's packages; null for the usual one
 * @param firstUser where the server runs as root: sandboxes run as this user id and those after it
 * @param maxContainers how many there are on a node at once
 * @param maxPerTenant how many of them a tenant may have
 * @param warm how many sandboxes are kept ready
 * @param memoryMib of a container that asks for nothing else
 * @param maxMemoryMib the most that one may ask for
 * @param diskMib for a container's files, which count as memory too
 * @param maxProcesses of a container
 * @param processors that a container may keep busy
 * @param idleMinutes after which an unused container ends
 * @param cellSeconds how long a call of the code interpreter may run
 */
public record SandboxSettings(
    boolean enabled,
    String bubblewrap,
    @Nullable Path python,
    @Nullable Path packages,
    int firstUser,
    int maxContainers,
    int maxPerTenant,
    int warm,
    int memoryMib,
    int maxMemoryMib,
    int diskMib,
    int maxProcesses,
    int processors,
    int idleMinutes,
    int cellSeconds) {

  static final int LOWEST_USER = 100_000;

  /** What holds where nothing is set. */
  public static final SandboxSettings DEFAULT =
      new SandboxSettings(
          true, "bwrap", null, null, 800_000_000, 64, 32, 1, 1024, 4096, 256, 64, 1, 20, 120);
}
