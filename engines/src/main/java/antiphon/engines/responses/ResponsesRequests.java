package antiphon.engines.responses;

import antiphon.core.create.Unsealed;
import antiphon.core.engine.ClientTools;
import antiphon.core.engine.Turn;
import antiphon.engines.upstream.BodyFields;
import antiphon.protocol.item.Compaction;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Reasoning;
import antiphon.protocol.item.Role;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.Tool;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Translates a turn into the body of the engine's own {@code POST /responses}. Pure. State stays
 * ours: the whole conversation goes along as input, nothing is stored there.
 */
final class ResponsesRequests {

  /** Fields that this server honours itself: about state, delivery and routing. */
  private static final Set<String> OURS =
      Set.of(
          "fallback_models",
          "context_management",
          "conversation",
          "previous_response_id",
          "prompt",
          "stream_options",
          "stream_events",
          "background",
          "webhook_url",
          "webhook_secret",
          "metadata",
          "service_tier",
          "extra_body");

  /** What {@code extra_body} must not touch. */
  static final Set<String> FIXED = Set.of("model", "input", "stream", "store", "background");

  private final ResponsesSettings settings;
  private final boolean encryptedReasoning;
  private final String engine;

  ResponsesRequests(ResponsesSettings settings) {
    this.settings = settings;
    this.encryptedReasoning = settings.encryptedReasoning();
    this.engine = settings.upstream().name();
  }

  /** The whole body. */
  ObjectNode of(Turn turn) {
    ObjectNode body = Json.toTree(turn.request().withoutInput()).asObject();
    body.remove(OURS);
    tools(body, turn);
    body.put("model", turn.model());
    body.set("input", input(turn));
    body.put("stream", true);
    body.put("store", false);
    if (encryptedReasoning) {
      askForEncrypted(body);
    }
    BodyFields.mend(body, settings.omit(), settings.rename());
    settings.extraBody().forEach(body::set);
    if (turn.request().extraBody() != null) {
      turn.request()
          .extraBody()
          .forEach((name, value) -> {
            if (!FIXED.contains(name)) {
              body.set(name, value);
            }
          });
    }
    return body;
  }

  /** What neither the client runs nor the engine stays here; the client has been told. */
  private void tools(ObjectNode body, Turn turn) {
    if (turn.request().tools() != null) {
      List<Tool> offered =
          turn.request().tools().stream()
              .filter(tool -> ClientTools.runs(tool) || settings.runs(tool))
              .toList();
      body.set("tools", Json.toTree(offered));
    }
  }

  private ArrayNode input(Turn turn) {
    ArrayNode input = Json.mapper().createArrayNode();
    for (Item item : turn.items()) {
      if (takesBack(item)) {
        ObjectNode node = Json.toTree(item).asObject();
        JsonNode madeBy = node.remove(Unsealed.ENGINE);
        if (madeBy != null && !madeBy.asString("").equals(engine)) {
          node.remove("encrypted_content");
          node.remove("id");
        }
        if (!fromModel(item)) {
          // The engine does not know these ids, and hosted ones judge them by their prefix.
          node.remove("id");
        }
        input.add(node);
      }
    }
    return input;
  }

  private boolean takesBack(Item item) {
    if (item instanceof Reasoning reasoning) {
      JsonNode madeBy = reasoning.extra().get(Unsealed.ENGINE);
      // What another engine has encrypted is nothing to this one; what it has said openly is.
      if (madeBy != null && !madeBy.asString("").equals(engine)) {
        return !encryptedReasoning && reasoning.content() != null;
      }
      return !encryptedReasoning || reasoning.encryptedContent() != null;
    }
    // A call that broke off was never given to anyone, and no engine takes half its arguments.
    boolean message = item instanceof Message || item instanceof Compaction;
    return message || item.status() != ItemStatus.INCOMPLETE;
  }

  private static boolean fromModel(Item item) {
    return switch (item) {
      case Message message -> message.role() == Role.ASSISTANT;
      case FunctionCallOutput _, CustomToolCallOutput _ -> false;
      default -> true;
    };
  }

  private static void askForEncrypted(ObjectNode body) {
    ArrayNode include =
        body.path("include") instanceof ArrayNode given ? given : body.putArray("include");
    boolean asked = false;
    for (var one : include) {
      asked |= one.asString("").equals("reasoning.encrypted_content");
    }
    if (!asked) {
      include.add("reasoning.encrypted_content");
    }
  }
}
