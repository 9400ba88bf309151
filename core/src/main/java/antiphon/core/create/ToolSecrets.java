package antiphon.core.create;

import antiphon.core.response.Owner;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.McpServerTool;
import antiphon.protocol.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What tools of a request carry and nobody is to see again: authorizations, headers, and what
 * stands behind the question mark of a URL. A response never shows it. Where another node may have
 * to go on with the request, it is stored sealed and bound to the owner; else it is not stored.
 */
public final class ToolSecrets {

  /** Holds the sealed secrets of a stored tool. */
  private static final String SEALED = "antiphon_sealed";

  private static final String PURPOSE = "tools";

  private final ReasoningSeal seal;

  /**
   * @param seal of all nodes that may go on with a request
   */
  public ToolSecrets(ReasoningSeal seal) {
    this.seal = seal;
  }

  /** The request with its tools as a response shows them. */
  public static CreateResponse without(CreateResponse request) {
    return changed(request, ToolSecrets::shown);
  }

  /** The request as it can be stored and {@linkplain #opened opened} again. */
  public CreateResponse sealed(Owner owner, CreateResponse request) {
    return changed(request, tool -> sealed(owner, tool));
  }

  /** The request as it was before it was sealed; what cannot be opened is missing. */
  public CreateResponse opened(Owner owner, CreateResponse stored) {
    return changed(stored, tool -> opened(owner, tool));
  }

  private static CreateResponse changed(CreateResponse request, UnaryOperator<Tool> change) {
    List<Tool> tools = request.tools();
    if (tools == null || tools.stream().noneMatch(McpServerTool.class::isInstance)) {
      return request;
    }
    ObjectNode body = (ObjectNode) Json.toTree(request);
    body.set("tools", Json.toTree(tools.stream().map(change).toList()));
    return Json.convertStored(body, CreateResponse.class);
  }

  /** A tool as a response shows it. */
  static Tool shown(Tool tool) {
    if (!(tool instanceof McpServerTool server)) {
      return tool;
    }
    Map<String, JsonNode> extra = new LinkedHashMap<>(server.extra());
    extra.remove(SEALED);
    return with(server, null, null, plain(server.serverUrl()), extra);
  }

  private static @Nullable String plain(@Nullable String url) {
    int query = url == null ? -1 : url.indexOf('?');
    return url == null || query < 0 ? url : url.substring(0, query);
  }

  private Tool sealed(Owner owner, Tool tool) {
    McpServerTool shown = shown(tool) instanceof McpServerTool server ? server : null;
    if (shown == null || shown.equals(tool)) {
      return tool;
    }
    McpServerTool server = (McpServerTool) tool;
    Secrets secrets = new Secrets(server.authorization(), server.headers(), server.serverUrl());
    Map<String, JsonNode> extra = new LinkedHashMap<>(shown.extra());
    extra.put(SEALED, StringNode.valueOf(seal.sealText(owner, PURPOSE, Json.text(secrets))));
    return with(shown, null, null, shown.serverUrl(), extra);
  }

  private Tool opened(Owner owner, Tool tool) {
    if (!(tool instanceof McpServerTool server) || !server.extra().containsKey(SEALED)) {
      return tool;
    }
    McpServerTool shown = (McpServerTool) shown(server);
    return seal.openText(owner, PURPOSE, String.valueOf(server.extra().get(SEALED).asString("")))
        .flatMap(ToolSecrets::read)
        .map(secrets ->
            with(shown, secrets.authorization(), secrets.headers(), secrets.url(), shown.extra()))
        .orElse(shown);
  }

  private static Optional<Secrets> read(String json) {
    try {
      return Optional.of(Json.readStored(json.getBytes(StandardCharsets.UTF_8), Secrets.class));
    } catch (InvalidJson _) {
      return Optional.empty();
    }
  }

  private static McpServerTool with(
      McpServerTool tool,
      @Nullable String authorization,
      @Nullable Map<String, String> headers,
      @Nullable String url,
      Map<String, JsonNode> extra) {
    return new McpServerTool(
        tool.serverLabel(),
        tool.mcpServerId(),
        tool.mcpCredentialId(),
        tool.allowedTools(),
        authorization,
        tool.connectorId(),
        headers,
        tool.requireApproval(),
        tool.serverDescription(),
        url,
        extra);
  }

  private record Secrets(
      @Nullable String authorization,
      @Nullable Map<String, String> headers,
      @Nullable String url) {}
}
