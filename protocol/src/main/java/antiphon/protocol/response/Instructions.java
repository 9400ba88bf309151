package antiphon.protocol.response;

import antiphon.protocol.item.Item;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** What the model is told before the conversation: a text, or items. */
public sealed interface Instructions {

  /** A plain text. */
  record Text(@JsonValue String text) implements Instructions {}

  /** Items in order. */
  record Items(List<Item> items) implements Instructions {
    public Items {
      items = List.copyOf(items);
    }
  }
}
