package antiphon.core.run;

import antiphon.core.create.Conversations;
import antiphon.core.create.UnavailableTools;
import antiphon.core.queue.TenantLimits;
import java.time.Duration;

/**
 * How a node runs responses.
 *
 * @param node this node's name, unlike any other's on the same store
 * @param maxRunning how many responses run at once
 * @param maxWaiting how many more may wait for one tenant, foreground here and background in the
 *     store each; more are refused with 429
 * @param lease how long without a heartbeat until another node takes a response over
 * @param maxAttempts how many attempts to run a response may end with their node until it is failed
 * @param tenants how many may run at once for each tenant
 * @param maxConversationBytes how large a conversation may be, as JSON
 * @param unavailable what becomes of tools that neither the client runs nor this server can
 */
public record RunnerSettings(
    String node,
    int maxRunning,
    int maxWaiting,
    Duration lease,
    int maxAttempts,
    TenantLimits tenants,
    long maxConversationBytes,
    UnavailableTools unavailable) {

  /** Tools that nobody runs are left out. */
  public RunnerSettings(
      String node,
      int maxRunning,
      int maxWaiting,
      Duration lease,
      int maxAttempts,
      TenantLimits tenants,
      long maxConversationBytes) {
    this(
        node,
        maxRunning,
        maxWaiting,
        lease,
        maxAttempts,
        tenants,
        maxConversationBytes,
        UnavailableTools.LEAVE_OUT);
  }

  /** Without a limit for any tenant, and the usual one for conversations. */
  public RunnerSettings(
      String node, int maxRunning, int maxWaiting, Duration lease, int maxAttempts) {
    this(
        node,
        maxRunning,
        maxWaiting,
        lease,
        maxAttempts,
        TenantLimits.NONE,
        Conversations.USUAL_LIMIT);
  }

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  public RunnerSettings {
    if (node.isBlank()) {
      throw new IllegalArgumentException("node is blank");
    }
    if (maxRunning < 1) {
      throw new IllegalArgumentException("maxRunning must be at least 1, not " + maxRunning);
    }
    if (maxWaiting < 0) {
      throw new IllegalArgumentException("maxWaiting must not be negative, not " + maxWaiting);
    }
    if (lease.toMillis() < 100) {
      throw new IllegalArgumentException("lease must be at least 100 ms, not " + lease);
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, not " + maxAttempts);
    }
  }

  /** The same with these limits for tenants. */
  public RunnerSettings with(TenantLimits limits) {
    return new RunnerSettings(
        node,
        maxRunning,
        maxWaiting,
        lease,
        maxAttempts,
        limits,
        maxConversationBytes,
        unavailable);
  }

  /** The same with tools that nobody runs treated like this. */
  public RunnerSettings with(UnavailableTools treatment) {
    return new RunnerSettings(
        node, maxRunning, maxWaiting, lease, maxAttempts, tenants, maxConversationBytes, treatment);
  }

  /**
   * How often leases are extended, and how long anything may go unnoticed when signals are lost.
   */
  public Duration heartbeat() {
    return lease.dividedBy(3);
  }

  /** How often to look for work that nobody has told of: that of dead nodes above all. */
  Duration lookAgain() {
    Duration beat = heartbeat();
    return beat.compareTo(LOOK_AGAIN) < 0 ? beat : LOOK_AGAIN;
  }
}
