package antiphon.tools.mcp.client;

import java.time.Duration;

/**
 * What a server may take.
 *
 * @param handshake how long until it has introduced itself or listed a page of its tools
 * @param silence how long a call may go on without a sign of progress
 * @param call how long a call may take in any case
 * @param messageBytes of one message
 * @param answerBytes of everything that comes with one answer
 */
public record McpLimits(
    Duration handshake, Duration silence, Duration call, long messageBytes, long answerBytes) {

  /** 15 s, 5 min, 1 h, 8 MB, 64 MB. */
  public static final McpLimits USUAL =
      new McpLimits(
          Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofHours(1), 8L << 20, 64L << 20);

  /** The same with another limit for calls; they may take 12 times as long with progress. */
  public McpLimits silent(Duration longest) {
    return new McpLimits(handshake, longest, longest.multipliedBy(12), messageBytes, answerBytes);
  }
}
