package antiphon.core.create;

import antiphon.core.response.Ids;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.Message;
import antiphon.protocol.request.Input;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request's input as items that can be stored: each with an id. */
public final class InputItems {

  private InputItems() {}

  /**
   * The items of an input; a plain text is a user's message.
   *
   * @param response the id of the response they are for, which their ids are made from
   */
  public static List<Item> of(String response, @Nullable Input input) {
    return switch (input) {
      case null -> List.of();
      case Input.Text(String text) ->
          List.of(Message.user(text).withId(Ids.inputItem("msg", response, 0)));
      case Input.Items(List<Item> items) -> numbered(response, items);
    };
  }

  private static List<Item> numbered(String response, List<Item> items) {
    List<Item> result = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      boolean named = item.id() != null || item instanceof ItemReference;
      result.add(named ? item : item.withId(Ids.inputItem(ItemPrefix.of(item), response, i)));
    }
    return result;
  }
}
