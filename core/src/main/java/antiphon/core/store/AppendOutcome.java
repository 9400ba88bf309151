package antiphon.core.store;

/** What became of an append. */
public enum AppendOutcome {
  /** It is durable. */
  DONE,
  /** The response has ended, is gone, or belongs to a later run: nothing was written. */
  FENCED
}
