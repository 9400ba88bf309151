package antiphon.core.log;

import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import java.util.List;

/** An output item while its events come in. */
sealed interface ItemState permits MessageState, ReasoningState, CallState, PlainState {

  /** Takes in an event that names this item. */
  void apply(StreamEvent event);

  /** The item as far as it has come, with this status where its kind has one. */
  Item item(ItemStatus status);

  /** The events that close it, {@code output_item.done} last. */
  List<NextEvent> closing(ItemStatus status);
}
