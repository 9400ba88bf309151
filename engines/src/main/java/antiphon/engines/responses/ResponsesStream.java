package antiphon.engines.responses;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.AnswerTaker;
import antiphon.engines.upstream.EventStream.Nonsense;
import antiphon.engines.upstream.Faults;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Passes an engine's events on, and mends what engines are known to leave out. */
final class ResponsesStream implements AnswerTaker {

  private final Faults faults;
  private final PieceSink sink;
  private final Set<Integer> items = new HashSet<>();
  private final Set<String> parts = new HashSet<>();
  private String model;
  private int deltas;
  private @Nullable JsonNode last;

  /**
   * @param model what the turn asked for
   */
  ResponsesStream(Faults faults, String model, PieceSink sink) {
    this.faults = faults;
    this.model = model;
    this.sink = sink;
  }

  @Override
  public boolean ended() {
    return last != null;
  }

  @Override
  public boolean complete() {
    return last != null;
  }

  @Override
  public boolean event(String name, JsonNode node)
      throws EngineException, Nonsense, InterruptedException {
    if (!(node instanceof ObjectNode event)) {
      throw new Nonsense("sent an event that is no object");
    }
    switch (event.path("type").asString("")) {
      case "" -> throw untyped(event);
      case "response.created", "response.queued", "response.in_progress" -> {
        model = event.path("response").path("model").asString(model);
        return false;
      }
      case "response.completed", "response.incomplete" -> last = event.path("response");
      case "response.failed" -> throw faults.reported(event.path("response").path("error"));
      case "response.cancelled" -> throw new Nonsense("cancelled the response itself");
      case "error" -> throw faults.reported(event.has("error") ? event.path("error") : event);
      default -> pass(event);
    }
    return true;
  }

  @Override
  public void whole(JsonNode response) throws EngineException, Nonsense {
    last =
        switch (response.path("status").asString("")) {
          case "completed", "incomplete" -> response;
          case "failed" -> throw faults.reported(response.path("error"));
          default -> throw new Nonsense("answered with a response that has not ended");
        };
  }

  /**
   * The end of the stream.
   *
   * @param estimatedInput tokens, for engines that tell no usage
   */
  TurnResult end(int estimatedInput) throws Nonsense, InterruptedException {
    JsonNode response = last;
    if (response == null) {
      throw new Nonsense("ended its answer without a terminal event");
    }
    if (items.isEmpty()) {
      int index = 0;
      for (JsonNode item : response.path("output")) {
        hand(itemEvent("response.output_item.added", index, item));
        hand(itemEvent("response.output_item.done", index++, item));
      }
    }
    return new TurnResult(
        reason(response), usage(response, estimatedInput), response.path("model").asString(model));
  }

  private EngineException untyped(ObjectNode event) {
    return event.has("error")
        ? faults.reported(event.path("error"))
        : faults.broken("sent an event without a type");
  }

  private static TurnResult.Reason reason(JsonNode response) {
    if (!response.path("status").asString("").equals("incomplete")) {
      return TurnResult.Reason.STOP;
    }
    return response.path("incomplete_details").path("reason").asString("").equals("content_filter")
        ? TurnResult.Reason.CONTENT_FILTER
        : TurnResult.Reason.LENGTH;
  }

  private Usage usage(JsonNode response, int estimatedInput) {
    JsonNode usage = response.path("usage");
    return usage.path("input_tokens").isInt()
        ? Json.convert(usage, Usage.class)
        : Usage.of(estimatedInput, deltas);
  }

  private void pass(ObjectNode event) throws Nonsense, InterruptedException {
    JsonNode index = event.path("output_index");
    String type = event.path("type").asString("");
    if (index.isInt()) {
      boolean begins = type.equals("response.output_item.added");
      boolean known = items.contains(index.asInt());
      if (begins == known) {
        throw new Nonsense("sent events of its items out of order");
      }
      items.add(index.asInt());
      part(event, type, index.asInt());
    }
    if (event.path("delta").isString()) {
      deltas++;
    }
    hand(event);
  }

  /** Some engines write into a content part that they have not begun. */
  private void part(ObjectNode event, String type, int index)
      throws Nonsense, InterruptedException {
    String part = index + "/" + event.path("content_index").asInt(0);
    ObjectNode begun =
        switch (type) {
          case "response.output_text.delta" ->
              Json.mapper().createObjectNode().put("type", "output_text").put("text", "");
          case "response.refusal.delta" ->
              Json.mapper().createObjectNode().put("type", "refusal").put("refusal", "");
          default -> null;
        };
    if (type.equals("response.content_part.added")) {
      parts.add(part);
    } else if (begun != null && parts.add(part)) {
      ObjectNode added = Json.mapper().createObjectNode();
      added.put("type", "response.content_part.added");
      added.put("item_id", event.path("item_id").asString(""));
      added.put("output_index", index);
      added.put("content_index", event.path("content_index").asInt(0));
      added.set("part", begun);
      hand(added);
    }
  }

  private static ObjectNode itemEvent(String type, int index, JsonNode item) {
    ObjectNode event = Json.mapper().createObjectNode().put("type", type);
    event.put("output_index", index).set("item", item);
    return event;
  }

  private void hand(ObjectNode event) throws Nonsense, InterruptedException {
    try {
      sink.accept(new Piece.Event(event));
    } catch (InvalidJson e) {
      throw new Nonsense("sent an event that is not as the API has it: " + e.getMessage());
    }
  }
}
