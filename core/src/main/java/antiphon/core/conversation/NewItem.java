package antiphon.core.conversation;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import java.util.Objects;

/**
 * An item that is to be kept.
 *
 * @param id unlike any other's in its conversation
 * @param json the item
 * @param words what a search finds it by, see {@link Words}
 */
public record NewItem(String id, byte[] json, String words) {

  /**
   * An item with an id.
   *
   * @throws NullPointerException if it has none
   */
  public static NewItem of(Item item) {
    return new NewItem(Objects.requireNonNull(item.id()), Json.bytes(item), Words.of(item));
  }
}
