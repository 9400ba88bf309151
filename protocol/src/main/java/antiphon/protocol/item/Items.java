package antiphon.protocol.item;

import antiphon.protocol.json.Json;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Lists of items. */
public final class Items {

  private static final TypeReference<List<Item>> LIST = new TypeReference<>() {};

  private Items() {}

  /**
   * What an engine said, or what is stored: an item of a kind that this version does not know is
   * kept as {@link UnknownItem}.
   *
   * @throws antiphon.protocol.json.InvalidJson if it is no item, or lacks what its kind needs
   */
  public static Item lenient(JsonNode item) {
    return Json.convertStored(item, Item.class);
  }

  /** The items of a stored JSON array, kinds included that this version does not know. */
  public static List<Item> list(byte[] stored) {
    return Json.readStored(stored, LIST);
  }
}
