package antiphon.http.resource;

import antiphon.http.error.ErrorReply;
import antiphon.http.error.Problems;
import antiphon.http.error.Refusal;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a WebSocket's messages have beside a request and the events of a stream. */
final class SocketMessages {

  private static final Logger LOG = LoggerFactory.getLogger(SocketMessages.class);
  private static final int LONGEST_ID = 128;

  private SocketMessages() {}

  /** The {@code stream_id} of a message, empty if it has none. */
  static String stream(ObjectNode event) {
    JsonNode given = event.path("stream_id");
    if (given.isMissingNode() || given.isNull()) {
      return "";
    }
    if (!given.isString() || given.asString().isEmpty() || given.asString().length() > LONGEST_ID) {
      throw Refusal.badRequest(
          "stream_id",
          "Invalid 'stream_id': must be a text of 1 to " + LONGEST_ID + " characters.");
    }
    return given.asString();
  }

  /** The event with the id of its stream behind its own fields. */
  static byte[] marked(byte[] json, String stream) {
    if (stream.isEmpty()) {
      return json;
    }
    byte[] more = (",\"stream_id\":" + Json.text(stream) + "}").getBytes(StandardCharsets.UTF_8);
    byte[] marked = new byte[json.length - 1 + more.length];
    System.arraycopy(json, 0, marked, 0, json.length - 1);
    System.arraycopy(more, 0, marked, json.length - 1, more.length);
    return marked;
  }

  /** An error as WebSocket mode has it: with a status, and the error inside. */
  static byte[] error(String stream, ErrorReply why) {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("type", "error").put("status", why.status());
    event
        .putObject("error")
        .put("type", why.type())
        .put("code", why.code() == null ? why.type() : why.code())
        .put("message", why.message())
        .put("param", why.param());
    if (!stream.isEmpty()) {
      event.put("stream_id", stream);
    }
    return Json.bytes(event);
  }

  /** What the client is told of this. */
  static ErrorReply reply(Throwable thrown) {
    return Problems.expected(thrown)
        .orElseGet(() -> {
          LOG.error("a message could not be served", thrown);
          return Problems.unexpected("a WebSocket");
        });
  }
}
