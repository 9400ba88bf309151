package antiphon.http.route;

import antiphon.core.key.Scope;
import antiphon.core.response.Owner;

/** What answers a route. May throw what {@link antiphon.http.error.Problems} knows to answer. */
public sealed interface Endpoint {

  /** Needs no key. */
  non-sealed interface Open extends Endpoint {
    /** Answers. */
    void handle(Call call) throws InterruptedException;
  }

  /**
   * Needs a key, and acts for its owner.
   *
   * @param needs what the key has to allow
   * @param handler answers
   */
  record Keyed(Scope needs, Handler handler) implements Endpoint {}

  /** What answers a call for its owner. */
  @FunctionalInterface
  interface Handler {
    /** Answers. */
    void handle(Call call, Owner owner) throws InterruptedException;
  }
}
