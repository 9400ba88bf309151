package antiphon.core.store;

import java.util.List;

/** What a look for a chain of responses gives. */
public sealed interface Chain {

  /**
   * The chain.
   *
   * @param links oldest first; none if the response is not found
   */
  record Links(List<ChainLink> links) implements Chain {
    public Links {
      links = List.copyOf(links);
    }
  }

  /** It has more bytes than were asked for; it has not been read whole. */
  record TooLarge() implements Chain {}
}
