package antiphon.tools.mcp.client;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.tools.mcp.client.McpException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A message of JSON-RPC 2.0, as a server sends it. */
sealed interface Message {

  /** An answer to request {@code id}: a result or an error. */
  record Answer(long id, @Nullable JsonNode result, @Nullable JsonNode error) implements Message {

    /** The result. */
    JsonNode value() throws McpException {
      if (error != null) {
        int code = error.path("code").asInt(0);
        String text = error.path("message").asString("");
        throw new McpException(
            Kind.ERROR,
            code,
            text.isBlank() ? "The server answered with an error." : Text.cut(text));
      }
      if (result == null || !result.isObject()) {
        throw new McpException(Kind.NONSENSE, "The server answered with no result.");
      }
      return result;
    }
  }

  /** The server asks. */
  record Request(JsonNode id, String method) implements Message {}

  /** The server tells. */
  record Notice(String method, JsonNode params) implements Message {}

  /** Nothing of these. */
  record Other() implements Message {}

  /**
   * Reads a message, or several at once.
   *
   * @throws McpException if it is no JSON
   */
  static List<Message> read(byte[] json) throws McpException {
    JsonNode tree;
    try {
      tree = Json.tree(json);
    } catch (InvalidJson _) {
      throw new McpException(Kind.NONSENSE, "The server sent something that is no JSON.");
    }
    List<Message> messages = new ArrayList<>();
    if (tree.isArray()) {
      tree.forEach(one -> messages.add(of(one)));
    } else {
      messages.add(of(tree));
    }
    return messages;
  }

  private static Message of(JsonNode node) {
    JsonNode id = node.path("id");
    String method = node.path("method").asString("");
    if (!method.isEmpty()) {
      boolean asks = id.isString() || id.isNumber();
      return asks ? new Request(id, method) : new Notice(method, node.path("params"));
    }
    if (node.has("result") || node.has("error")) {
      long answered =
          id.isString() ? number(id.asString()) : id.isIntegralNumber() ? id.asLong(-1) : -1;
      return new Answer(answered, node.get("result"), node.get("error"));
    }
    return new Other();
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /** A request to the server. */
  static byte[] request(long id, String method, JsonNode params) {
    return Json.bytes(head(method).put("id", id).set("params", params));
  }

  /** A notification to the server. */
  static byte[] notice(String method, @Nullable JsonNode params) {
    ObjectNode notice = head(method);
    return Json.bytes(params == null ? notice : notice.set("params", params));
  }

  /** What a server's own request is answered with: it is there, and can do nothing. */
  static byte[] reply(Request request) {
    ObjectNode reply = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    reply.set("id", request.id());
    if (request.method().equals("ping")) {
      reply.putObject("result");
    } else {
      reply.putObject("error").put("code", -32601).put("message", "Method not found");
    }
    return Json.bytes(reply);
  }

  private static ObjectNode head(String method) {
    return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("method", method);
  }
}
