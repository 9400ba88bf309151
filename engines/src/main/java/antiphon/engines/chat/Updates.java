package antiphon.engines.chat;

import antiphon.core.engine.AdditionalTools;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Effort;
import antiphon.protocol.response.TextFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What items of the conversation have changed of the configuration: each update holds until a later
 * one says something else, and goes before what the request itself says.
 *
 * @param effort of the reasoning; null if no item says it
 * @param format of the text; null if no item says it
 */
record Updates(@Nullable Effort effort, @Nullable TextFormat format) {

  /** Whether an item is such an update. */
  static boolean is(Item item) {
    return item instanceof UnknownItem unknown
        && unknown.type().equals(AdditionalTools.CONFIGURATION);
  }

  /** What holds at the end of a conversation. */
  static Updates of(CreateResponse request, List<Item> items) {
    Effort effort = request.reasoning() == null ? null : request.reasoning().effort();
    TextFormat format = request.text() == null ? null : request.text().format();
    for (Item item : items) {
      if (item instanceof UnknownItem unknown && is(item)) {
        Effort said = read(unknown, "reasoning", "effort", Effort.class);
        effort = said == null ? effort : said;
        TextFormat asked = read(unknown, "text", "format", TextFormat.class);
        format = asked == null ? format : asked;
      }
    }
    return new Updates(effort, format);
  }

  private static <T> @Nullable T read(UnknownItem item, String of, String name, Class<T> type) {
    JsonNode value = item.fields().get(of);
    JsonNode field = value == null ? null : value.get(name);
    if (field == null || field.isNull()) {
      return null;
    }
    try {
      return Json.convertStored(field, type);
    } catch (InvalidJson _) {
      return null;
    }
  }
}
