package antiphon.core.conversation;

import antiphon.core.response.Owner;

/** A conversation's id and whose it is. */
public record ConversationId(Owner owner, String value) {
  @Override
  public String toString() {
    return value;
  }
}
