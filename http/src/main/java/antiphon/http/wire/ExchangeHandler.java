package antiphon.http.wire;

/** What answers requests. */
public interface ExchangeHandler {

  /** Answers one request; called on a virtual thread of its own, must not throw. */
  void handle(Exchange exchange);
}
