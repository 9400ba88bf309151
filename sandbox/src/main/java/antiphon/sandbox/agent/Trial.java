package antiphon.sandbox.agent;

import antiphon.core.sandbox.Execution;
import antiphon.core.sandbox.Readiness;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.SandboxOutput;
import antiphon.sandbox.jail.Jail;
import antiphon.sandbox.jail.JailSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tries a sandbox, and says what to change where it does not work. */
final class Trial {

  private static final long MEMORY = 256L << 20;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String NAMESPACES =
      "Allow unprivileged user namespaces: sysctl user.max_user_namespaces above 0,"
          + " kernel.unprivileged_userns_clone=1 (Debian),"
          + " kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap"
          + " (Ubuntu); in a container, a seccomp profile that allows mount and unshare"
          + " (Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
          + " --security-opt systempaths=unconfined).";

  private final JailedSandboxes sandboxes;
  private final JailSettings settings;

  Trial(JailedSandboxes sandboxes, JailSettings settings) {
    this.sandboxes = sandboxes;
    this.settings = settings;
  }

  Readiness find() {
    try {
      Jail jail = sandboxes.jail();
      Cage cage = sandboxes.start(MEMORY, false);
      try {
        return tried(cage, jail);
      } finally {
        cage.close();
      }
    } catch (Jail.Unusable e) {
      return new Readiness.Off(String.valueOf(e.getMessage()), e.advice());
    } catch (SandboxException e) {
      return new Readiness.Off(String.valueOf(e.getMessage()), advice(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Readiness.Off("the trial was interrupted", "Try again.");
    }
  }

  private static String advice(SandboxException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("python") && message.contains("No such file")) {
      return "Install Python 3 (Debian and Ubuntu: apt install python3).";
    }
    return NAMESPACES;
  }

  private Readiness tried(Cage cage, Jail jail) throws InterruptedException, SandboxException {
    StringBuilder said = new StringBuilder();
    SandboxOutput output = (_, text) -> said.append(text);
    Execution cell = cage.sandbox().cell("print(6 * 7)", LIMIT, 1000, output);
    if (cell.end() != Execution.End.DONE || !said.toString().strip().equals("42")) {
      return new Readiness.Off("a trial calculation in a sandbox failed", NAMESPACES);
    }
    List<String> notes = new ArrayList<>();
    if (jail.controlGroups() == null) {
      notes.add(
          "memory is bounded for each process and watched, not bounded by the kernel: no control"
              + " group can be made (with systemd: Delegate=yes and DelegateSubgroup=server)");
    }
    if (!jail.ownUsers()) {
      notes.add("sandboxes run as the server's own user, walled off by namespaces alone");
    }
    if (settings.packages() == null) {
      notes.add("Python has no packages: antiphon sandbox install gets them");
    }
    return new Readiness.Works(notes);
  }
}
