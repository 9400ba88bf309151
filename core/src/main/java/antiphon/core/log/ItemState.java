package antiphon.core.log;

import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import java.util.List;

/** An output item while its events come in. */
sealed interface ItemState permits MessageState, ReasoningState, CallState, PlainState {

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

  /** Takes in an event that names this item. */
  void apply(StreamEvent event);

  /** The item as far as it has come, with this status where its kind has one. */
  Item item(ItemStatus status);

  /** The events that close it, {@code output_item.done} last. */
  List<NextEvent> closing(ItemStatus status);
}
