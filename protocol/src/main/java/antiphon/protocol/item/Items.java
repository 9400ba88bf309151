package antiphon.protocol.item;

import antiphon.protocol.json.Json;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** Lists of items. */
public final class Items {

  private static final TypeReference<List<Item>> LIST = new TypeReference<>() {};

  private Items() {}

  /** The items of a stored JSON array, kinds included that this version does not know. */
  public static List<Item> list(byte[] stored) {
    return Json.readStored(stored, LIST);
  }
}
