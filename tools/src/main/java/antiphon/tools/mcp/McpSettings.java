package antiphon.tools.mcp;

import antiphon.core.net.AddressGuard;
import antiphon.tools.mcp.client.McpLimits;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What MCP tools may do.
 *
 * @param servers those that the operator has registered, by the name that requests know them by
 * @param guard where servers that requests name may be
 * @param limits for all servers that have none of their own
 * @param maxResult the longest text that a call may give the model, in characters
 */
public record McpSettings(
    Map<String, Registered> servers, AddressGuard guard, McpLimits limits, int maxResult) {

  /** The longest text that a call gives the model, unless the settings say otherwise. */
  public static final int USUAL_RESULT = 100_000;

  public McpSettings {
    servers = Map.copyOf(servers);
  }

  /** Without registered servers; public ones only. */
  public static McpSettings usual() {
    return new McpSettings(Map.of(), AddressGuard.strict(), McpLimits.USUAL, USUAL_RESULT);
  }

  /**
   * A server that the operator has registered.
   *
   * @param headers sent with every request
   * @param tenants who may use it; empty for everybody
   * @param credentials bearer tokens by the ids that requests know them by
   * @param limits null for the usual ones
   */
  public record Registered(
      String url,
      Map<String, String> headers,
      Set<String> tenants,
      Map<String, String> credentials,
      @Nullable McpLimits limits) {

    public Registered {
      headers = Map.copyOf(headers);
      tenants = Set.copyOf(tenants);
      credentials = Map.copyOf(credentials);
    }

    boolean serves(String tenant) {
      return tenants.isEmpty() || tenants.contains(tenant);
    }

    /** Without what is secret. */
    @Override
    public String toString() {
      return "Registered[tenants="
          + tenants
          + ", credentials="
          + new TreeMap<>(credentials).keySet()
          + "]";
    }
  }
}
