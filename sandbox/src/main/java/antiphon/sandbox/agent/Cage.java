package antiphon.sandbox.agent;

import antiphon.core.sandbox.SandboxException;
import antiphon.sandbox.jail.ControlGroups;
import org.jspecify.annotations.Nullable;

/** A sandbox with what it holds on this machine: its place, its group. */
final class Cage implements AutoCloseable {

  /** To greet; loading packages ahead takes a second or two on an idle machine. */
  private static final long START_SECONDS = 60;

  private final JailedSandboxes owner;
  private final Agent agent;
  private final JailedSandbox sandbox;
  private final int place;
  private final ControlGroups.@Nullable Group group;
  private final long memory;

  Cage(
      JailedSandboxes owner,
      Process process,
      String name,
      int place,
      ControlGroups.@Nullable Group group,
      long memory) {
    this.owner = owner;
    this.place = place;
    this.group = group;
    this.memory = memory;
    this.agent = new Agent(process, name, this::ended);
    this.sandbox = new JailedSandbox(agent, () -> group == null ? 0 : group.ended());
  }

  /** Waits until it can be used. */
  void begin() throws SandboxException, InterruptedException {
    owner.began(this);
    boolean ready = false;
    try {
      ready = agent.awaitReady(START_SECONDS);
    } finally {
      if (!ready) {
        close();
      }
    }
    if (!ready) {
      throw new SandboxException(
          SandboxException.Kind.UNAVAILABLE,
          "A sandbox did not start"
              + (agent.complaint().isEmpty() ? "." : ": " + agent.complaint()));
    }
  }

  JailedSandbox sandbox() {
    return sandbox;
  }

  /** Changes the memory it may take; false if it cannot be changed any more. */
  boolean memory(long bytes) {
    return bytes == memory || (group != null && group.memory(bytes));
  }

  private void ended() {
    if (group != null) {
      group.remove();
    }
    owner.ended(this, place);
  }

  @Override
  public void close() {
    agent.close();
  }
}
