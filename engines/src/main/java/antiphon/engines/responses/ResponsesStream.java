package antiphon.engines.responses;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.AnswerTaker;
import antiphon.engines.upstream.Ends;
import antiphon.engines.upstream.EventStream.Nonsense;
import antiphon.engines.upstream.Faults;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Passes an engine's events on, and sees to its end. */
final class ResponsesStream implements AnswerTaker {

  private final Faults faults;
  private final ItemOrder items;
  private String model;
  private int deltas;
  private @Nullable JsonNode last;
  private boolean cutShort;

  /**
   * @param model what the turn asked for
   */
  ResponsesStream(Faults faults, String model, PieceSink sink) {
    this.faults = faults;
    this.model = model;
    this.items = new ItemOrder(sink);
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
    String type = event.path("type").asString("");
    if (type.isEmpty()) {
      type = name;
      event.put("type", name);
    }
    switch (type) {
      case "" -> untyped(event);
      case "response.created", "response.queued", "response.in_progress" -> {
        model = event.path("response").path("model").asString(model);
        return false;
      }
      case "keepalive", "response.keepalive", "ping", "heartbeat" -> {
        return false;
      }
      case "response.completed", "response.done" -> last = event.path("response");
      case "response.incomplete" -> {
        last = event.path("response");
        cutShort = true;
      }
      case "response.failed" -> throw failed(event.path("response"));
      case "response.cancelled" -> throw new Nonsense("cancelled the response itself");
      case "error", "response.error" ->
          throw faults.reported(event.has("error") ? event.path("error") : event);
      default -> {
        if (event.path("delta").isString()) {
          deltas++;
        }
        items.accept(type, event);
      }
    }
    return true;
  }

  @Override
  public void whole(JsonNode response) throws EngineException, Nonsense {
    String status = response.path("status").asString("");
    boolean answered = response.path("output").isArray();
    last =
        switch (status) {
          case "completed", "incomplete" -> response;
          case "failed" -> throw failed(response);
          case "" -> {
            if (!answered) {
              throw response.has("error")
                  ? failed(response)
                  : faults.broken("answered with a response that has not ended");
            }
            yield response;
          }
          default -> throw new Nonsense("answered with a response that has not ended");
        };
  }

  /**
   * The end of the stream.
   *
   * @param estimatedInput tokens, for engines that tell no usage
   */
  TurnResult end(int estimatedInput) throws EngineException, Nonsense, InterruptedException {
    JsonNode response = last;
    if (response == null) {
      throw new Nonsense("ended its answer without a terminal event");
    }
    items.end(response);
    TurnResult.Reason reason = reason(response);
    return new TurnResult(
        reason,
        ResponsesUsage.of(response.path("usage"), estimatedInput, deltas),
        response.path("model").asString(model));
  }

  private EngineException failed(JsonNode response) {
    JsonNode error = response.path("error");
    JsonNode detail = response.path("status_details").path("error");
    return faults.reported(error.isObject() || error.isString() ? error : detail);
  }

  /** What has no type is no event of the API; but an error is one in any form. */
  private void untyped(ObjectNode event) throws EngineException {
    if (event.has("error") || event.path("object").asString("").equals("error")) {
      throw faults.reported(event.has("error") ? event.path("error") : event);
    }
  }

  private TurnResult.Reason reason(JsonNode response) throws EngineException, Nonsense {
    String status = response.path("status").asString("");
    if (status.equals("failed")) {
      throw failed(response);
    }
    if (!cutShort && !status.equals("incomplete")) {
      return TurnResult.Reason.STOP;
    }
    String word = response.path("incomplete_details").path("reason").asString("");
    TurnResult.Reason reason = word.isEmpty() ? TurnResult.Reason.LENGTH : Ends.of(word);
    if (reason == null) {
      throw new Nonsense("stopped in the middle of its answer: " + word);
    }
    return reason;
  }
}
