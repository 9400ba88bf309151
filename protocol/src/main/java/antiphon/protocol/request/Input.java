package antiphon.protocol.request;

import antiphon.protocol.item.Item;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** What the model is to answer: a text, or items. */
public sealed interface Input {

  /** A user's message of plain text. */
  record Text(@JsonValue String text) implements Input {}

  /** Items in order. */
  record Items(List<Item> items) implements Input {
    public Items {
      items = List.copyOf(items);
    }
  }
}
