package antiphon.core.conversation;

import java.util.List;

/** What a look at a whole conversation gives. */
public sealed interface History {

  /**
   * All there is.
   *
   * @param items oldest first, JSON; where a model is to see others instead of an item, the array
   *     of those
   * @param version grows with each change of the items
   * @param busy whether a response writes to it, or waits for its turn
   */
  record Whole(List<byte[]> items, long version, boolean busy) implements History {
    public Whole {
      items = List.copyOf(items);
    }
  }

  /** It has more bytes than were asked for. */
  record TooLarge() implements History {}

  /** There is no such conversation of this owner. */
  record Gone() implements History {}
}
