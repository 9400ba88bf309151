package antiphon.core.log;

import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;

/** The kinds of items whose events come in. */
final class ItemStates {

  private ItemStates() {}

  /** A state of the item that an {@code output_item.added} brought. */
  static ItemState of(int outputIndex, Item item) {
    return switch (item) {
      case Message message -> new MessageState(outputIndex, message);
      case Reasoning reasoning -> new ReasoningState(outputIndex, reasoning);
      case FunctionCall call -> new CallState(outputIndex, call);
      case CustomToolCall call -> new CallState(outputIndex, call);
      default -> new PlainState(outputIndex, item);
    };
  }
}
