package antiphon.http.wire;

/** Answers requests of one route, on a virtual thread. */
@FunctionalInterface
public interface Handler {

  /**
   * Answers. What it throws becomes an error answer, unless an answer has begun.
   *
   * @throws InterruptedException if the server stops
   */
  void handle(Exchange exchange) throws InterruptedException;
}
