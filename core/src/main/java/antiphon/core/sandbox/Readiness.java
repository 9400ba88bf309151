package antiphon.core.sandbox;

import java.util.List;

/** Whether sandboxes work here. */
public sealed interface Readiness {

  /**
   * They do.
   *
   * @param notes what is weaker than it could be, and what to do about it
   */
  record Works(List<String> notes) implements Readiness {
    public Works {
      notes = List.copyOf(notes);
    }
  }

  /**
   * They do not, and nothing is ever run without one.
   *
   * @param reason what was tried and how it failed
   * @param advice what to change
   */
  record Off(String reason, String advice) implements Readiness {}
}
