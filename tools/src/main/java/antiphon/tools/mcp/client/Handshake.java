package antiphon.tools.mcp.client;

import antiphon.tools.mcp.client.McpException.Kind;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What both sides say of themselves. */
final class Handshake {

  private static final Pattern VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final String META = "io.modelcontextprotocol/";

  private Handshake() {}

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode initialize(String version) {
    ObjectNode params = empty().put("protocolVersion", version);
    params.putObject("capabilities");
    params.set("clientInfo", self());
    return params;
  }

  private static ObjectNode self() {
    return empty().put("name", "antiphon").put("version", "0.1.0");
  }

  /** The parameters with what a request without a session says, and the token of its progress. */
  static ObjectNode stateless(ObjectNode params, long id) {
    ObjectNode all = progress(params, id);
    ObjectNode meta = all.withObjectProperty("_meta");
    meta.put(META + "protocolVersion", StreamableLink.STATELESS);
    meta.putObject(META + "clientCapabilities");
    meta.set(META + "clientInfo", self());
    return all;
  }

  /** The parameters with the token that marks progress of this request. */
  static ObjectNode progress(ObjectNode params, long id) {
    ObjectNode all = params.deepCopy();
    all.withObjectProperty("_meta").put("progressToken", id);
    return all;
  }

  /** The revision that a server has chosen. */
  static String version(JsonNode hello) throws McpException {
    String version = hello.path("protocolVersion").asString("");
    if (!VERSION.matcher(version).matches()) {
      throw new McpException(Kind.NONSENSE, "The server did not say which revision it speaks.");
    }
    return version;
  }

  static void requireVersion(JsonNode found, String version) throws McpException {
    for (JsonNode one : found.path("supportedVersions")) {
      if (one.asString("").equals(version)) {
        return;
      }
    }
    throw new McpException(Kind.NONSENSE, "The server speaks no revision that is known here.");
  }

  /** What a status without any more words means. */
  static McpException refused(int status) {
    return new McpException(
        Kind.STATUS,
        status,
        switch (status) {
          case 401 -> "The server wants an authorization, or another one (HTTP 401).";
          case 403 -> "The server does not allow it (HTTP 403).";
          case 404 -> "There is no MCP server at this URL (HTTP 404).";
          case 429 -> "The server is asked too often (HTTP 429).";
          default -> "The server answered with HTTP " + status + ".";
        });
  }
}
