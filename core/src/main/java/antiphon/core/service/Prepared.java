package antiphon.core.service;

import antiphon.core.conversation.ConversationId;
import antiphon.core.create.Conversations.Conversation;
import antiphon.core.engine.Plan;
import antiphon.core.log.LiveLog;
import antiphon.core.log.ResponseState;
import antiphon.core.response.ResponseId;
import antiphon.core.run.RunnerSettings;
import antiphon.core.step.Run;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.trace.TraceParent;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.ServiceTier;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What may be made; nothing is written yet.
 *
 * @param into the conversation that it writes to, or null
 * @param request as it came
 * @param kept the same, as it may be stored
 * @param trace that it is made in, or null
 */
record Prepared(
    ResponseId id,
    @Nullable ConversationId into,
    CreateResponse request,
    CreateResponse kept,
    Plan plan,
    Conversation conversation,
    byte[] inputJson,
    ResponseState state,
    @Nullable TraceParent trace) {

  Run run(LiveLog log) {
    return new Run(log, request, plan, conversation.items(), conversation.estimatedTokens(), trace);
  }

  /** The row to be written, with the first events of its log. */
  NewResponse row(RunnerSettings settings, long now, List<byte[]> events) {
    return new NewResponse(
        id,
        delivery(),
        now,
        tier(),
        plan.first().engine().name(),
        plan.name(),
        request.previousResponseId(),
        Json.bytes(kept.withoutInput()),
        inputJson,
        Json.bytes(metadata(request)),
        settings.node(),
        settings.lease(),
        trace,
        events);
  }

  boolean background() {
    return Boolean.TRUE.equals(request.background());
  }

  /** Whether a model is to say anything; a WebSocket's client may want what it sends kept alone. */
  boolean generates() {
    JsonNode generate = request.extra().get("generate");
    return background() || generate == null || !generate.isBoolean() || generate.asBoolean();
  }

  boolean stored() {
    return !Boolean.FALSE.equals(request.store());
  }

  Delivery delivery() {
    if (background()) {
      return stored() ? Delivery.BACKGROUND : Delivery.BRIEF;
    }
    return Boolean.TRUE.equals(request.stream()) ? Delivery.STREAMED : Delivery.AT_ITS_END;
  }

  ServiceTier tier() {
    AskedTier asked = request.serviceTier();
    return asked == null ? ServiceTier.AUTO : asked.tier();
  }

  static Map<String, String> metadata(CreateResponse request) {
    Map<String, String> metadata = request.metadata();
    return metadata == null ? Map.of() : metadata;
  }
}
