package antiphon.core.store;

/** A run that this node is to stop. */
public sealed interface Recalled {

  /** Which run. */
  RunKey run();

  /** It has ended or belongs to another node. */
  record Lost(RunKey run) implements Recalled {}

  /** Another node was asked to cancel this foreground response. */
  record CancelRequested(RunKey run) implements Recalled {}
}
