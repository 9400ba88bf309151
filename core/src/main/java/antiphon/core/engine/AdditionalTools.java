package antiphon.core.engine;

import antiphon.protocol.item.Item;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.Input;
import antiphon.protocol.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Tools that an item of the conversation brings along. Some clients send all of theirs so, and none
 * in the request's own field.
 */
public final class AdditionalTools {

  /** The kind of item. */
  public static final String TYPE = "additional_tools";

  /** The kind of item that changes the configuration of what follows. */
  public static final String CONFIGURATION = "configuration_update";

  /** The item's field. */
  public static final String TOOLS = "tools";

  private AdditionalTools() {}

  /** Whether an item brings tools. */
  public static boolean is(Item item) {
    return item instanceof UnknownItem unknown && unknown.type().equals(TYPE);
  }

  /**
   * Whether an item is no part of what is said, but holds from where it stands on: it brings tools,
   * or changes the configuration. A conversation that is made shorter keeps it.
   */
  public static boolean holdsOn(Item item) {
    return is(item)
        || (item instanceof UnknownItem unknown && unknown.type().equals(CONFIGURATION));
  }

  /** The tools that items bring, in their order; what is no tool is passed over. */
  public static List<Tool> in(List<Item> items) {
    List<Tool> tools = new ArrayList<>();
    for (Item item : items) {
      if (item instanceof UnknownItem unknown && is(item)) {
        JsonNode given = unknown.fields().get(TOOLS);
        for (JsonNode one : given == null ? List.<JsonNode>of() : given) {
          try {
            tools.add(Json.convertStored(one, Tool.class));
          } catch (InvalidJson _) {
            // It was refused when it came, or is an engine's own.
          }
        }
      }
    }
    return tools;
  }

  /** The tools that a request's own input brings. */
  public static List<Tool> in(CreateResponse request) {
    return request.input() instanceof Input.Items(List<Item> items) ? in(items) : List.of();
  }
}
