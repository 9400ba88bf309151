package antiphon.core.container;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a container. It lives on one node; its files and variables are there alone.
 *
 * @param node that has it
 * @param createdAt milliseconds since 1970
 * @param lastActiveAt when it was last used
 * @param idleMinutes after which it expires unused
 * @param memory in bytes
 * @param leaseUntil until when its node has promised to be there; later it is lost with its node
 * @param endedAt when it ended before its time; null if it has not
 * @param endedWhy for people; null if it has not
 */
public record StoredContainer(
    ContainerId id,
    String name,
    String node,
    long createdAt,
    long lastActiveAt,
    int idleMinutes,
    long memory,
    long leaseUntil,
    @Nullable Long endedAt,
    @Nullable String endedWhy) {

  private static final long MINUTE = 60_000;

  /**
   * Whether it can still be used.
   *
   * @param now milliseconds since 1970, by the store's clock
   */
  public boolean running(long now) {
    return endedAt == null && now < leaseUntil && now < lastActiveAt + idleMinutes * MINUTE;
  }

  /** Why it cannot be used any more, for people. */
  public String why(long now) {
    if (endedWhy != null) {
      return endedWhy;
    }
    return now >= lastActiveAt + idleMinutes * MINUTE
        ? "it was not used for " + idleMinutes + " minutes"
        : "the server that had it has stopped";
  }
}
