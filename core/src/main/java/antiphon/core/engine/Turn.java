package antiphon.core.engine;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a model.
 *
 * @param request the request with every default filled in; its {@code input} is not to be read
 * @param model the engine's own name of the model
 * @param items the whole conversation so far, oldest first, without the instructions
 * @param continuation the beginning of the assistant's message that the engine is to go on with,
 *     byte for byte; null to begin a new one. Only for engines that {@link
 *     Engine#continuesMessages() can}
 */
public record Turn(
    CreateResponse request, String model, List<Item> items, @Nullable String continuation) {

  public Turn {
    items = List.copyOf(items);
  }

  /** The same for another model. */
  public Turn on(String otherModel) {
    return new Turn(request, otherModel, items, continuation);
  }

  /** The same with another conversation. */
  public Turn with(List<Item> otherItems) {
    return new Turn(request, model, otherItems, continuation);
  }

  /** The same with another limit of output tokens. */
  public Turn limited(long maxOutputTokens) {
    ObjectNode body = (ObjectNode) Json.toTree(request);
    body.put("max_output_tokens", maxOutputTokens);
    return new Turn(Json.convert(body, CreateResponse.class), model, items, continuation);
  }
}
