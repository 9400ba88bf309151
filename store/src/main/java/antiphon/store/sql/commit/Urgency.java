package antiphon.store.sql.commit;

/** How soon a write has to be committed. */
public enum Urgency {
  /** Somebody waits for it. */
  NOW,
  /**
   * Nobody minds a few milliseconds: it may wait so long for company. What is handed in behind it
   * takes it along.
   */
  SOON,
  /**
   * Nobody can know of it yet: it may wait longer. What is handed in behind it for the same key, or
   * for many rows, takes it along.
   */
  LATE
}
