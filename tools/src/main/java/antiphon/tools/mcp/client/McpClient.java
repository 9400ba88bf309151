package antiphon.tools.mcp.client;

import antiphon.protocol.json.Json;
import antiphon.tools.mcp.client.McpException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A connection to a server: streamable HTTP with or without sessions, else the old transport of
 * server-sent events. Calls may come from several threads at once.
 */
public final class McpClient implements AutoCloseable {

  private static final int MAX_TOOLS = 1000;
  private static final int MAX_PAGES = 100;
  private static final int MAX_NAME = 128;
  private static final int MAX_DESCRIPTION = 8192;
  private static final int MAX_SCHEMA = 64 << 10;
  private static final int MAX_LIST = 2 << 20;

  /** JSON-RPC knows no such method. */
  private static final int NO_METHOD = -32601;

  private static final int BAD_PARAMS = -32602;

  private final McpServer server;
  private final Link link;
  private final Changes changes;

  private McpClient(McpServer server, Link link, Changes changes) {
    this.server = server;
    this.link = link;
    this.changes = changes;
  }

  /**
   * Connects, in whatever way the server can.
   *
   * @param deadlines breaks off what takes too long
   * @throws McpException if there is nobody, or nobody who speaks the protocol
   * @throws InterruptedException if interrupted; nothing is left open
   */
  public static McpClient open(McpServer server, Deadlines deadlines)
      throws McpException, InterruptedException {
    Changes changes = new Changes();
    McpException refused;
    try {
      return new McpClient(server, streamable(server, deadlines, false, changes), changes);
    } catch (McpException e) {
      refused = e;
    }
    if (refused.kind() == Kind.ERROR) {
      // It speaks JSON-RPC, and knows no handshake.
      return new McpClient(server, streamable(server, deadlines, true, changes), changes);
    }
    boolean old = Set.of(400, 404, 405, 406, 415).contains(refused.code());
    if (refused.kind() != Kind.STATUS || !old) {
      throw refused;
    }
    try {
      return new McpClient(server, events(server, deadlines, changes), changes);
    } catch (McpException _) {
      // The new way is the one that its keeper will look for.
      throw refused;
    }
  }

  private static Link streamable(
      McpServer server, Deadlines deadlines, boolean stateless, Changes changes)
      throws McpException, InterruptedException {
    StreamableLink link = new StreamableLink(server, deadlines, stateless, changes);
    boolean open = false;
    try {
      link.handshake();
      open = true;
      return link;
    } finally {
      if (!open) {
        link.close();
      }
    }
  }

  private static Link events(McpServer server, Deadlines deadlines, Changes changes)
      throws McpException, InterruptedException {
    EventsLink link = new EventsLink(server, deadlines, changes);
    boolean open = false;
    try {
      link.handshake();
      open = true;
      return link;
    } finally {
      if (!open) {
        link.close();
      }
    }
  }

  /** How often the server has said that its tools are others now. */
  public int changes() {
    return changes.count;
  }

  /**
   * The server's tools, all pages of them. What no model could call is left out: names that are too
   * long, schemas of more than 64 KB.
   *
   * @throws McpException if it cannot list them, or lists too much
   */
  public List<ListedTool> listTools() throws McpException, InterruptedException {
    List<ListedTool> tools = new ArrayList<>();
    Set<String> cursors = new HashSet<>();
    Set<String> names = new HashSet<>();
    long bytes = 0;
    String cursor = null;
    for (int page = 0; page < MAX_PAGES; page++) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      JsonNode result =
          link.ask(
              "tools/list",
              params,
              server.limits().handshake(),
              server.limits().handshake(),
              _ -> {});
      for (JsonNode one : result.path("tools")) {
        ListedTool tool = tool(one);
        if (tool != null && names.add(tool.name())) {
          tools.add(tool);
          bytes += Json.bytes(tool.schema()).length + String.valueOf(tool.description()).length();
        }
      }
      if (tools.size() > MAX_TOOLS || bytes > MAX_LIST) {
        throw new McpException(
            Kind.NONSENSE, "The server lists more than " + MAX_TOOLS + " tools, or 2 MB of them.");
      }
      cursor = result.path("nextCursor").asString("");
      if (cursor.isEmpty()) {
        return tools;
      }
      if (!cursors.add(cursor)) {
        throw new McpException(Kind.NONSENSE, "The server's list of tools has no end.");
      }
    }
    throw new McpException(
        Kind.NONSENSE, "The server's list of tools has more than " + MAX_PAGES + " pages.");
  }

  private static @Nullable ListedTool tool(JsonNode node) {
    String name = node.path("name").asString("");
    JsonNode schema = node.path("inputSchema");
    if (name.isBlank() || name.length() > MAX_NAME) {
      return null;
    }
    Map<String, JsonNode> fields = fields(schema);
    if (Json.bytes(fields).length > MAX_SCHEMA) {
      return null;
    }
    fields.putIfAbsent("type", JsonNodeFactory.instance.stringNode("object"));
    fields.putIfAbsent("properties", JsonNodeFactory.instance.objectNode());
    JsonNode description = node.path("description");
    Map<String, JsonNode> annotations = fields(node.path("annotations"));
    return new ListedTool(
        name,
        description.isString() ? Text.cut(description.asString(), MAX_DESCRIPTION) : null,
        fields,
        Json.bytes(annotations).length > MAX_DESCRIPTION ? Map.of() : annotations);
  }

  private static Map<String, JsonNode> fields(JsonNode node) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    if (node.isObject()) {
      node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    }
    return fields;
  }

  /**
   * Calls a tool and waits for what comes of it. Interrupting the thread closes the connection of
   * the call at once, and the server is told that it is cancelled.
   *
   * @param progress takes what the server says of its progress
   * @return the result, as the protocol has it
   * @throws McpException if there is none; of {@link Kind#SESSION_OVER} nothing has run
   */
  public JsonNode call(String tool, ObjectNode arguments, Consumer<JsonNode> progress)
      throws McpException, InterruptedException {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", tool);
    params.set("arguments", arguments);
    McpLimits limits = server.limits();
    return link.ask("tools/call", params, limits.silence(), limits.call(), progress);
  }

  /** Whether an error says that there is no such tool any more. */
  public static boolean unknown(McpException e) {
    String text = e.getMessage().toLowerCase(Locale.ROOT);
    return e.kind() == Kind.ERROR
        && (e.code() == NO_METHOD || e.code() == BAD_PARAMS)
        && (text.contains("unknown tool") || text.contains("not found"));
  }

  /** Ends the session. Returns at once; the server is told in passing. */
  @Override
  public void close() {
    link.close();
  }

  private static final class Changes implements Runnable {

    private volatile int count;

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only whether it moves is looked at.
    public void run() {
      count++;
    }
  }
}
