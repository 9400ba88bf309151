package antiphon.engines.chat;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an engine sends for itself alone, and demands with the message when that is said back to it:
 * signatures of its thoughts and their kin. Collected from the chunks of an answer, or from what
 * was kept of them.
 */
final class OpaqueState {

  private static final String DETAILS = "reasoning_details";
  private static final String MESSAGE = "message";
  private static final String CALLS = "calls";

  /** Where engines put it in a call, and in a message. */
  private static final List<String> FIELDS =
      List.of("extra_content", "thought_signature", "provider_specific_fields");

  /** What of a detail comes piece by piece. */
  private static final List<String> PIECEWISE = List.of("text", "summary");

  private ObjectNode message = ChatRequests.object();
  private ObjectNode calls = ChatRequests.object();

  /** Takes it from an assistant's message, or a piece of one. */
  void ofMessage(JsonNode said) {
    if (said.path("extra_content").isObject()) {
      message.set("extra_content", said.path("extra_content"));
    }
    for (JsonNode detail : said.path(DETAILS)) {
      if (detail instanceof ObjectNode object) {
        detail(object.deepCopy());
      }
    }
  }

  /**
   * Takes it from a call, or a piece of one.
   *
   * @param callId the id of the call that the client is given
   */
  void ofCall(String callId, JsonNode call) {
    for (String field : FIELDS) {
      JsonNode value = call.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        entry(callId).set(field, value);
      }
    }
  }

  private ObjectNode entry(String callId) {
    return calls.path(callId) instanceof ObjectNode known ? known : calls.putObject(callId);
  }

  /** The details of one thought come in pieces, which are told apart by their places. */
  private void detail(ObjectNode more) {
    ArrayNode details =
        message.path(DETAILS) instanceof ArrayNode known ? known : message.putArray(DETAILS);
    boolean goesOn =
        !details.isEmpty()
            && !more.has("data")
            && details.get(details.size() - 1).path("type").equals(more.path("type"))
            && details.get(details.size() - 1).path("index").equals(more.path("index"));
    if (!goesOn) {
      details.add(more);
      return;
    }
    ObjectNode last = details.get(details.size() - 1).asObject();
    more.properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          if (PIECEWISE.contains(field.getKey()) && value.isString()) {
            String before = last.path(field.getKey()).asString("");
            last.put(field.getKey(), before + value.asString());
          } else if (!value.isNull()) {
            last.set(field.getKey(), value);
          }
        });
  }

  /** What the details of a piece say that can be read; empty if that is nothing. */
  static String thought(JsonNode said) {
    StringBuilder text = new StringBuilder();
    for (JsonNode detail : said.path(DETAILS)) {
      PIECEWISE.forEach(field -> text.append(detail.path(field).asString("")));
    }
    return text.toString();
  }

  /** All that was collected since this was asked last, to be kept; null if it is nothing. */
  @Nullable String taken() {
    if (message.isEmpty() && calls.isEmpty()) {
      return null;
    }
    ObjectNode state = ChatRequests.object();
    state.set(MESSAGE, message);
    state.set(CALLS, calls);
    message = ChatRequests.object();
    calls = ChatRequests.object();
    return state.toString();
  }

  /** Adds what was kept. */
  void add(String kept) {
    JsonNode state;
    try {
      state = Json.readStored(kept.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    } catch (InvalidJson _) {
      // Kept of an engine of another kind that had this name before.
      return;
    }
    ofMessage(state.path(MESSAGE));
    state.path(CALLS).properties().forEach(call -> ofCall(call.getKey(), call.getValue()));
  }

  /** Writes what belongs to the message into it. */
  void writeMessage(ObjectNode to) {
    to.setAll(message);
  }

  /** Writes what belongs to a call into it. */
  void writeCall(String callId, ObjectNode to) {
    if (calls.path(callId) instanceof ObjectNode state) {
      to.setAll(state);
    }
  }
}
