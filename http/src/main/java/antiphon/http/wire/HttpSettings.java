package antiphon.http.wire;

import java.time.Duration;
import java.util.Set;

/**
 * How the server listens, and how patient it is with clients.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free
 * @param eventLoops how many threads move bytes; one a core is enough
 * @param maxBodyBytes the longest request body, in bytes
 * @param maxBodiesBytes how many bytes all requests together may hold of their bodies
 * @param maxConnections how many clients may be connected; one more is cut off
 * @param headerTimeout for the whole head of a connection's first request
 * @param bodyTimeout for a request body; every 64 KiB received earn another second
 * @param idleTimeout for the whole head of the next request on a kept connection
 * @param heartbeat a stream is never silent for longer; MKA1's client gives up after 5 s
 * @param writeDeadline how long a client may read nothing at all while there is something to read
 * @param corsOrigins whose pages may call from a browser: origins, or {@code *} for all; empty
 *     switches CORS off
 */
public record HttpSettings(
    String host,
    int port,
    int eventLoops,
    int maxBodyBytes,
    long maxBodiesBytes,
    int maxConnections,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration heartbeat,
    Duration writeDeadline,
    Set<String> corsOrigins) {

  private static final int MAX_BODY = 16 * 1024 * 1024;

  /** Measured: what an idle connection takes of the heap, with its handlers. */
  private static final int CONNECTION_BYTES = 4096;

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

  public HttpSettings {
    corsOrigins = Set.copyOf(corsOrigins);
    require(!host.isBlank(), "host", "must not be empty");
    require(port >= 0 && port <= 65_535, "port", "must be between 0 and 65535");
    require(eventLoops >= 1 && eventLoops <= 256, "eventLoops", "must be between 1 and 256");
    require(maxBodyBytes >= 1024, "maxBodyBytes", "must be at least 1024");
    require(maxBodiesBytes >= maxBodyBytes, "maxBodiesBytes", "must be at least maxBodyBytes");
    require(maxConnections >= 1, "maxConnections", "must be at least 1");
    positive(headerTimeout, "headerTimeout");
    positive(bodyTimeout, "bodyTimeout");
    positive(idleTimeout, "idleTimeout");
    positive(heartbeat, "heartbeat");
    positive(writeDeadline, "writeDeadline");
    require(
        heartbeat.compareTo(LONGEST_SILENCE) <= 0,
        "heartbeat",
        "must be at most 3 s: clients take a longer silence for a dead server");
  }

  /** An eighth of the heap, but room for two of the longest. */
  public static long defaultBodies(int maxBodyBytes) {
    return Math.max(2L * maxBodyBytes, Runtime.getRuntime().maxMemory() / 8);
  }

  /** As many as fit an eighth of the heap, each with what it may cost before it is heard. */
  public static int defaultConnections() {
    return Math.clamp(Runtime.getRuntime().maxMemory() / 8 / CONNECTION_BYTES, 1_000, 50_000);
  }

  /** What fits a server on this machine alone: 127.0.0.1:8080, bodies up to 16 MiB. */
  public static HttpSettings defaults() {
    return new HttpSettings(
        "127.0.0.1",
        8080,
        Runtime.getRuntime().availableProcessors(),
        MAX_BODY,
        defaultBodies(MAX_BODY),
        defaultConnections(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(75),
        Duration.ofMillis(2500),
        Duration.ofSeconds(30),
        Set.of());
  }

  /** The same, listening elsewhere. */
  public HttpSettings withAddress(String newHost, int newPort) {
    return new HttpSettings(
        newHost,
        newPort,
        eventLoops,
        maxBodyBytes,
        maxBodiesBytes,
        maxConnections,
        headerTimeout,
        bodyTimeout,
        idleTimeout,
        heartbeat,
        writeDeadline,
        corsOrigins);
  }

  private static void positive(Duration value, String name) {
    require(!value.isNegative() && !value.isZero(), name, "must be above zero");
  }

  private static void require(boolean holds, String name, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("http." + name + " " + rule);
    }
  }
}
