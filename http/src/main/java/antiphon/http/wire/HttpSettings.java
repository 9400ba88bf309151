package antiphon.http.wire;

import java.time.Duration;

/**
 * How the server listens, and what it puts up with.
 *
 * @param host the address to listen on
 * @param port 0 takes a free one
 * @param maxBodyBytes a larger request body is refused with 413
 * @param headerTimeout how long a new connection may take to send its first request's headers
 * @param idleTimeout how long a connection may stay open between two requests
 * @param bodyTimeout how long a request's body may take
 * @param writeTimeout how long a client may take nothing of what is written to it
 * @param heartbeat how often a silent stream gets a comment; MKA1's client gives up after five
 *     seconds without a byte
 */
public record HttpSettings(
    String host,
    int port,
    int maxBodyBytes,
    Duration headerTimeout,
    Duration idleTimeout,
    Duration bodyTimeout,
    Duration writeTimeout,
    Duration heartbeat) {

  /** What the API's clients expect. */
  public static final HttpSettings DEFAULT =
      new HttpSettings(
          "127.0.0.1",
          8080,
          16 * 1024 * 1024,
          Duration.ofSeconds(15),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMillis(2500));

  public HttpSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is blank");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
    }
    if (maxBodyBytes < 1024) {
      throw new IllegalArgumentException(
          "maxBodyBytes must be at least 1024, not " + maxBodyBytes);
    }
    positive("headerTimeout", headerTimeout);
    positive("idleTimeout", idleTimeout);
    positive("bodyTimeout", bodyTimeout);
    positive("writeTimeout", writeTimeout);
    positive("heartbeat", heartbeat);
  }

  /** The same, listening elsewhere. */
  public HttpSettings at(String newHost, int newPort) {
    return new HttpSettings(
        newHost,
        newPort,
        maxBodyBytes,
        headerTimeout,
        idleTimeout,
        bodyTimeout,
        writeTimeout,
        heartbeat);
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, not " + value);
    }
  }
}
