package antiphon.http.route;

import antiphon.core.response.Owner;

/** What answers a route. May throw what {@link antiphon.http.error.Problems} knows to answer. */
public sealed interface Endpoint {

  /** Needs no key. */
  non-sealed interface Open extends Endpoint {
    /** Answers. */
    void handle(Call call) throws InterruptedException;
  }

  /** Needs a key, and acts for its owner. */
  non-sealed interface Keyed extends Endpoint {
    /** Answers. */
    void handle(Call call, Owner owner) throws InterruptedException;
  }
}
