package antiphon.tools.mcp;

import antiphon.core.engine.DeferredTool;
import antiphon.core.engine.Engine.Refusal;
import antiphon.core.net.AddressGuard;
import antiphon.core.response.Owner;
import antiphon.protocol.tool.McpServerTool;
import antiphon.tools.mcp.McpSettings.Registered;
import antiphon.tools.mcp.client.McpLimits;
import antiphon.tools.mcp.client.McpServer;
import antiphon.tools.own.OwnItem;
import antiphon.tools.web.GuardedHttp;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** From a tool of a request to the server that it means, or to what is wrong with it. */
final class Targets {

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
  private static final int MAX_HEADERS = 32;
  private static final int MAX_VALUE = 8192;

  /** Those that the transport sets itself. */
  private static final Set<String> OWN =
      Set.of(
          "accept",
          "accept-encoding",
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "keep-alive",
          "last-event-id",
          "mcp-method",
          "mcp-name",
          "mcp-protocol-version",
          "mcp-session-id",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final McpSettings settings;
  private final OkHttpClient anybody;
  private final Map<String, OkHttpClient> registered = new ConcurrentHashMap<>();

  Targets(McpSettings settings) {
    this.settings = settings;
    anybody = GuardedHttp.client(settings.guard());
  }

  /** What is wrong with a tool; null if nothing is. */
  @Nullable Refusal refusal(Owner owner, McpServerTool tool, String param) {
    String label = label(tool);
    if (label == null) {
      return refused(param + ".server_label", "is missing");
    }
    if (!LABEL.matcher(label).matches()) {
      return refused(param + ".server_label", "must have 1 to 64 letters, digits, '_' or '-'");
    }
    if (label.equals(OwnItem.LABEL)) {
      return refused(param + ".server_label", "cannot be that of the server's own tools");
    }
    Refusal place = place(owner, tool, param);
    if (place != null) {
      return place;
    }
    if (tool.allowedTools() != null && ToolFilter.read(tool.allowedTools()).isEmpty()) {
      return refused(
          param + ".allowed_tools",
          "must be a list of names, or an object of 'tool_names' and 'read_only'");
    }
    if (ApprovalRule.read(tool.requireApproval()).isEmpty()) {
      return refused(
          param + ".require_approval",
          "must be 'always', 'never', or an object with a filter for each");
    }
    return headers(tool, param);
  }

  private @Nullable Refusal place(Owner owner, McpServerTool tool, String param) {
    long ways =
        java.util.stream.Stream.of(tool.serverUrl(), tool.mcpServerId(), tool.connectorId())
            .filter(java.util.Objects::nonNull)
            .count();
    if (ways != 1) {
      return new Refusal(
          param,
          "An MCP tool needs one of 'server_url', 'mcp_server_id' and 'connector_id': '"
              + param
              + "' has "
              + (ways == 0 ? "none" : "more")
              + ".");
    }
    if (tool.serverUrl() != null) {
      String wrong = settings.guard().refuses(tool.serverUrl()).orElse(null);
      if (wrong == null && HttpUrl.parse(tool.serverUrl()) == null) {
        wrong = "must be an http or https URL.";
      }
      if (wrong != null) {
        return new Refusal(param + ".server_url", "'" + param + ".server_url' " + wrong);
      }
      return tool.mcpCredentialId() == null
          ? null
          : refused(
              param + ".mcp_credential_id",
              "belongs to a server that is registered here, not to a 'server_url'");
    }
    boolean connector = tool.connectorId() != null;
    String field = param + (connector ? ".connector_id" : ".mcp_server_id");
    Registered server = registered(owner, tool);
    if (server == null) {
      String id = connector ? tool.connectorId() : tool.mcpServerId();
      return new Refusal(field, "There is no MCP server '" + id + "' registered here.");
    }
    return tool.mcpCredentialId() == null
            || server.credentials().containsKey(tool.mcpCredentialId())
        ? null
        : new Refusal(
            param + ".mcp_credential_id",
            "The MCP server has no credential '" + tool.mcpCredentialId() + "'.");
  }

  private static @Nullable Refusal headers(McpServerTool tool, String param) {
    Map<String, String> headers = tool.headers() == null ? Map.of() : tool.headers();
    if (headers.size() > MAX_HEADERS) {
      return refused(param + ".headers", "has more than " + MAX_HEADERS + " headers");
    }
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String name = header.getKey();
      String at = param + ".headers";
      if (!HEADER.matcher(name).matches()) {
        return refused(at, "has a name that no header can have");
      }
      if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
        return refused(at, "cannot set '" + name + "'");
      }
      if (name.equalsIgnoreCase("authorization") && tool.authorization() != null) {
        return refused(at, "has 'Authorization' and so does 'authorization'");
      }
      if (!value(header.getValue())) {
        return refused(at + "." + name, "must be up to 8,192 visible characters");
      }
    }
    String authorization = tool.authorization();
    return authorization == null || value(authorization)
        ? null
        : refused(param + ".authorization", "must be up to 8,192 visible characters");
  }

  private static boolean value(String text) {
    return text.length() <= MAX_VALUE
        && text.chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\t');
  }

  private static Refusal refused(String param, String what) {
    return new Refusal(param, "Invalid '" + param + "': it " + what + ".");
  }

  /** The label by which items name the server; null if there is none. */
  static @Nullable String label(McpServerTool tool) {
    if (tool.serverLabel() != null) {
      return tool.serverLabel();
    }
    return tool.mcpServerId() != null ? tool.mcpServerId() : tool.connectorId();
  }

  /** The server of a tool that has not been {@linkplain #refusal refused}. */
  Target of(Owner owner, McpServerTool tool) {
    String label = String.valueOf(label(tool));
    Map<String, String> headers = new LinkedHashMap<>();
    Registered server = registered(owner, tool);
    if (server != null) {
      headers.putAll(server.headers());
      String credential = server.credentials().get(String.valueOf(tool.mcpCredentialId()));
      if (credential != null) {
        put(headers, "Authorization", bearer(credential));
      }
    }
    if (tool.headers() != null) {
      tool.headers().forEach((name, value) -> put(headers, name, value));
    }
    if (tool.authorization() != null) {
      put(headers, "Authorization", bearer(tool.authorization()));
    }
    String url = server == null ? String.valueOf(tool.serverUrl()) : server.url();
    McpLimits own = server == null ? null : server.limits();
    return new Target(
        label,
        new McpServer(
            server == null ? anybody : client(url),
            HttpUrl.get(url),
            headers,
            own == null ? settings.limits() : own),
        tool.allowedTools() == null
            ? ToolFilter.ALL
            : ToolFilter.read(tool.allowedTools()).orElse(ToolFilter.ALL),
        ApprovalRule.read(tool.requireApproval()).orElse(ApprovalRule.ALWAYS),
        DeferredTool.defers(tool.extra()));
  }

  /** Header names know no case. */
  private static void put(Map<String, String> headers, String name, String value) {
    headers.keySet().removeIf(known -> known.equalsIgnoreCase(name));
    headers.put(name, value);
  }

  private static String bearer(String token) {
    return token.regionMatches(true, 0, "bearer ", 0, 7)
            || token.regionMatches(true, 0, "basic ", 0, 6)
        ? token
        : "Bearer " + token;
  }

  private @Nullable Registered registered(Owner owner, McpServerTool tool) {
    String id = tool.mcpServerId() != null ? tool.mcpServerId() : tool.connectorId();
    Registered server = id == null ? null : settings.servers().get(id);
    return server != null && server.serves(owner.tenant()) ? server : null;
  }

  private OkHttpClient client(String url) {
    return registered.computeIfAbsent(url, trusted -> GuardedHttp.client(guard(trusted)));
  }

  private AddressGuard guard(String trusted) {
    return settings.guard().trusting(trusted);
  }

  void close() {
    GuardedHttp.close(anybody);
    new HashMap<>(registered).values().forEach(GuardedHttp::close);
  }
}
