package antiphon.core.store;

/** What became of waking a response. */
public enum WakeOutcome {
  /** It goes on as soon as there is a place for it. */
  WOKEN,
  /** It does not wait, or has been woken already. */
  NOT_WAITING,
  /** There is none. */
  GONE
}
