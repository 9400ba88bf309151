package antiphon.tools.mcp.client;

import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * Where a server is and how to talk to it.
 *
 * @param http connects only where it may; follows no redirects
 * @param headers with every request; they may be secret
 */
public record McpServer(
    OkHttpClient http, HttpUrl url, Map<String, String> headers, McpLimits limits) {

  public McpServer {
    headers = Map.copyOf(headers);
  }

  /** Without the headers, which may be secret. */
  @Override
  public String toString() {
    return url.scheme() + "://" + url.host() + ":" + url.port();
  }
}
