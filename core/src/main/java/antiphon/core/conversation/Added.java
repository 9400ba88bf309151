package antiphon.core.conversation;

/** What became of items that were to be added to a conversation. */
public sealed interface Added {

  /** They are there, in the order given, behind all that were there. */
  record Done() implements Added {}

  /** One of them has the id of an item that is there; none was added. */
  record Taken(String itemId) implements Added {}

  /** The conversation would have become too large; none was added. */
  record TooLarge() implements Added {}

  /** There is no such conversation of this owner. */
  record Gone() implements Added {}
}
