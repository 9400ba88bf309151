package antiphon.core.conversation;

/** What became of items that were to be removed from a conversation. */
public sealed interface Removed {

  /** They are gone. */
  record Done(StoredConversation conversation) implements Removed {}

  /** One of them is not there; none was removed. */
  record Missing(String itemId) implements Removed {}

  /** There is no such conversation of this owner. */
  record Gone() implements Removed {}
}
