package antiphon.core.api;

import antiphon.core.response.Owner;

/** What is remembered of each owner's responses. */
public interface Memories {

  /** How many exchanges of an owner are remembered, those included that are not found yet. */
  int size(Owner owner);

  /**
   * Forgets all exchanges of an owner.
   *
   * @return how many there were
   */
  int forget(Owner owner);
}
