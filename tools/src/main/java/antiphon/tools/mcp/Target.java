package antiphon.tools.mcp;

import antiphon.tools.mcp.client.McpServer;

/**
 * A server of a request.
 *
 * @param label what the request calls it
 * @param allowed which of its tools may be used
 * @param approval which of them need leave
 * @param deferred whether they wait until a search has loaded them
 */
record Target(
    String label, McpServer server, ToolFilter allowed, ApprovalRule approval, boolean deferred) {}
