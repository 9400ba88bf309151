package antiphon.tools.mcp.client;

import antiphon.tools.mcp.client.McpException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What comes with the answer to one request, told apart.
 *
 * @param id of the request
 * @param progress takes what the server says of its progress
 * @param replies takes answers to the server's own requests
 * @param changed is told that the server's tools are others now
 */
record Incoming(
    long id,
    Deadlines.Watch watch,
    Consumer<JsonNode> progress,
    Consumer<byte[]> replies,
    Runnable changed) {

  /** Tools have changed. */
  static final String LIST_CHANGED = "notifications/tools/list_changed";

  /** The result, if it is in these messages. */
  @Nullable JsonNode result(byte[] json) throws McpException {
    JsonNode result = null;
    List<Message> messages = Message.read(json);
    for (Message message : messages) {
      switch (message) {
        case Message.Answer answer -> {
          if (answer.id() == id && result == null) {
            result = answer.value();
          } else if (answer.id() < 0 && answer.error() != null && messages.size() == 1) {
            // An error without an id is about what was sent, and that was one request.
            answer.value();
          }
        }
        case Message.Request request -> replies.accept(Message.reply(request));
        case Message.Notice notice -> notice(notice);
        case Message.Other _ -> {}
      }
    }
    return result;
  }

  private void notice(Message.Notice notice) {
    if (notice.method().equals("notifications/progress")) {
      JsonNode token = notice.params().path("progressToken");
      if (token.asLong(-1) == id) {
        watch.alive();
        progress.accept(notice.params());
      }
    } else if (notice.method().equals(LIST_CHANGED)) {
      changed.run();
    }
  }

  /** Reads events until the result has come. */
  @Nullable JsonNode result(EventLines events) throws IOException, McpException {
    for (EventLines.Event event = events.next(); event != null; event = events.next()) {
      if (event.name().isEmpty() || event.name().equals("message")) {
        JsonNode result = result(event.data().getBytes(StandardCharsets.UTF_8));
        if (result != null) {
          return result;
        }
      }
    }
    return null;
  }

  static McpException noAnswer() {
    return new McpException(
        Kind.BROKEN_OFF, "The connection to the server ended before it had answered.");
  }
}
