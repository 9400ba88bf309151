package antiphon.core.conversation;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An item that is to be kept.
 *
 * @param id unlike any other's in its conversation
 * @param json the item
 * @param told what a model is to see instead of it, a JSON array; null if it is to see the item
 * @param words what a search finds it by, see {@link Words}
 */
public record NewItem(String id, byte[] json, byte @Nullable [] told, String words) {

  /**
   * An item with an id.
   *
   * @throws NullPointerException if it has none
   */
  public static NewItem of(Item item) {
    return new NewItem(Objects.requireNonNull(item.id()), Json.bytes(item), null, Words.of(item));
  }

  /** The same, for which a model sees others. */
  NewItem told(List<Item> instead) {
    return new NewItem(id, json, Json.bytes(instead), words);
  }

  /** How large it is. */
  public int bytes() {
    return json.length + (told == null ? 0 : told.length);
  }
}
