package antiphon.core.store;

import java.util.function.Consumer;

/**
 * Wake-ups between the nodes on one store. A signal carries no truth: it says where to look, may
 * come twice, late or never, and whoever waits for one also looks by itself once a heartbeat.
 */
public interface Signals extends AutoCloseable {

  /** Something that may be worth a look. */
  sealed interface Signal {

    /** A response may be waiting to be claimed. */
    record Queue() implements Signal {}

    /** The log of the response with this id has grown, or the response has ended. */
    record Changed(String id) implements Signal {}

    /**
     * The response with this id has been cancelled, or, in the foreground, is to be cancelled by
     * the node that runs it: its run is to stop.
     */
    record Cancel(String id) implements Signal {}
  }

  /** Tells every node, this one included. Never blocks and never fails. */
  void publish(Signal signal);

  /**
   * Listens.
   *
   * @param listener quick and not blocking; called on any thread
   * @return ends the listening when closed
   */
  Subscription subscribe(Consumer<Signal> listener);

  @Override
  void close();

  /** A listener's end. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
