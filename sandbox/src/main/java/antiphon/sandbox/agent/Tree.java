package antiphon.sandbox.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** All processes of a sandbox, by the two that hold them: bubblewrap, and its first one inside. */
final class Tree {

  private static final long PATIENCE_SECONDS = 5;

  private final Process outer;

  Tree(Process outer) {
    this.outer = outer;
  }

  /**
   * Ends all of them and waits until they are gone. The first one inside cannot end before the
   * others have, and bubblewrap not before that one.
   */
  void kill() {
    long first = first();
    if (first > 0) {
      ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
    } else {
      outer.destroyForcibly();
    }
    boolean interrupted = Thread.interrupted();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean gone = false;
    while (!gone && System.nanoTime() < until) {
      try {
        gone = outer.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    outer.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The number of the first process inside, as seen from here; 0 if there is none. */
  private long first() {
    long pid = outer.pid();
    Path children = Path.of("/proc", pid + "", "task", pid + "", "children");
    try {
      String[] found = Files.readString(children, StandardCharsets.US_ASCII).strip().split(" ", -1);
      return found.length == 1 && !found[0].isEmpty() ? Long.parseLong(found[0]) : 0;
    } catch (IOException | NumberFormatException _) {
      return outer.descendants().mapToLong(ProcessHandle::pid).findFirst().orElse(0);
    }
  }
}
