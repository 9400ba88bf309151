package antiphon.http.resource;

import antiphon.http.wire.Socket;
import antiphon.protocol.json.Json;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells a WebSocket's client what becomes of what it says to running responses. */
final class SteerEvents {

  /** Why something that was said comes to nothing; the codes are OpenAI's. */
  enum Reason {
    NOT_FOUND("response_not_found", "No such response runs on this connection."),
    INVALID("invalid_input", ""),
    UNSUPPORTED(
        "steering_not_supported",
        "A response in a conversation, or one that compacts its context, cannot be steered."),
    TOO_MANY("too_many_pending_steers", "Too much waits for this response to end already."),
    COMPLETED("response_already_completed", "The response has ended already."),
    NOT_ACTIVE("response_not_active", "The response did not come to an end to go on from."),
    NO_SUCCESSOR("successor_creation_failed", "The next response could not be made.");

    private final String code;
    private final String message;

    Reason(String code, String message) {
      this.code = code;
      this.message = message;
    }
  }

  private final Socket socket;
  private final AtomicLong numbers = new AtomicLong();

  SteerEvents(Socket socket) {
    this.socket = socket;
  }

  void accepted(String stream, Steer steer) throws InterruptedException {
    ObjectNode event = event("response.steer.accepted", stream);
    event.putObject("steer").put("id", steer.id()).put("previous_response_id", steer.previous());
    socket.send(Json.bytes(event));
  }

  /**
   * It waits for what the client owes the response first.
   *
   * @param required stubs of it
   */
  void pending(String stream, Steer steer, ArrayNode required) throws InterruptedException {
    ObjectNode event = event("response.steer.pending", stream);
    event.putObject("steer").put("id", steer.id()).put("previous_response_id", steer.previous());
    event.put("reason", "waiting_for_required_input");
    event.set("required_input", required);
    socket.send(Json.bytes(event));
  }

  /**
   * It comes to nothing.
   *
   * @param id null if it was never accepted
   * @param message null for what the reason says by itself
   */
  void failed(
      String stream,
      @Nullable String id,
      String previous,
      JsonNode input,
      Reason reason,
      @Nullable String message)
      throws InterruptedException {
    ObjectNode event = event("response.steer.failed", stream);
    event
        .putObject("error")
        .put("type", "invalid_request_error")
        .put("code", reason.code)
        .put("message", message == null ? reason.message : message);
    ObjectNode steer = event.putObject("steer").put("previous_response_id", previous);
    steer.set("input", input);
    if (id != null) {
      steer.put("id", id);
    }
    socket.send(Json.bytes(event));
  }

  private ObjectNode event(String type, String stream) {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("type", type).put("sequence_number", numbers.getAndIncrement());
    if (!stream.isEmpty()) {
      event.put("stream_id", stream);
    }
    return event;
  }
}
