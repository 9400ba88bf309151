package antiphon.server.settings;

import antiphon.core.create.UnavailableTools;
import antiphon.core.net.AddressGuard;
import antiphon.core.tool.ToolLimits;
import antiphon.server.settings.ToolSettings.OfflineSearch;
import antiphon.tools.image.ImageSettings;
import antiphon.tools.mcp.McpSettings.Registered;
import antiphon.tools.mcp.client.McpLimits;
import antiphon.tools.websearch.WebSearchSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code tools}. */
final class ToolReader {

  private static final ToolSettings USUAL = ToolSettings.DEFAULT;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** The provider that is no other server: what is kept here. */
  private static final String OFFLINE = "offline";

  private static final Duration WEB_LIMIT = Duration.ofSeconds(20);
  private static final Duration IMAGE_LIMIT = Duration.ofMinutes(4);

  private final Section section;

  ToolReader(Section section) {
    this.section = section;
  }

  ToolSettings read() {
    UnavailableTools unavailable =
        section.choice(
            "unavailable",
            Map.of("leave_out", UnavailableTools.LEAVE_OUT, "refuse", UnavailableTools.REFUSE),
            USUAL.unavailable());
    List<String> hosts = places("allow_hosts", true);
    List<String> networks = places("allow_networks", false);
    ToolLimits limits =
        new ToolLimits(
            section.seconds("call_seconds", USUAL.limits().callTime()),
            section.integer("output_chars", 1000, 10_000_000, USUAL.limits().outputChars()),
            USUAL.limits().calls());
    Web web = webSearch();
    return new ToolSettings(
        unavailable,
        hosts,
        networks,
        limits,
        mcp(),
        image(),
        new AgentReader(section.section("agents")).read(),
        web.live(),
        web.offline(),
        section.flag("history", false));
  }

  private @Nullable ImageSettings image() {
    Section image = section.section("image");
    String url = image.text("url");
    String key = variable(image, "key_env", image.text("key_env"));
    String model = image.text("model");
    String format = image.text("response_format");
    Duration limit = image.seconds("call_seconds", IMAGE_LIMIT);
    image.done();
    if (url == null) {
      if (model != null || key != null) {
        image.mistake("url", "is missing");
      }
      return null;
    }
    if (!isHttp(url)) {
      image.mistake("url", "must be an http or https URL");
      return null;
    }
    return new ImageSettings(url.replaceAll("/+$", ""), key, model, format, limit);
  }

  /** Who searches the web, and how what is kept here does. */
  private record Web(@Nullable WebSearchSettings live, OfflineSearch offline) {}

  private Web webSearch() {
    Section web = section.section("web_search");
    Map<String, String> known = new LinkedHashMap<>(Map.of(OFFLINE, OFFLINE));
    for (WebSearchSettings.Provider one : WebSearchSettings.Provider.values()) {
      String name = one.name().toLowerCase(Locale.ROOT);
      known.put(name, name);
    }
    String provider = web.choice("provider", known, null);
    String url = web.text("url");
    String key = variable(web, "key_env", web.text("key_env"));
    Duration limit = web.seconds("call_seconds", WEB_LIMIT);
    boolean pages = web.flag("open_pages", true);
    web.done();
    boolean offline = OFFLINE.equals(provider);
    OfflineSearch kept = new OfflineSearch(offline, pages);
    if (provider == null || offline) {
      if (url != null || key != null) {
        web.mistake("provider", offline ? "needs no url and no key" : "is missing");
      }
      return new Web(null, kept);
    }
    WebSearchSettings.Provider asked =
        WebSearchSettings.Provider.valueOf(provider.toUpperCase(Locale.ROOT));
    String base = url == null ? asked.usualUrl() : url;
    if (base == null || !isHttp(base)) {
      web.mistake("url", base == null ? "is missing" : "must be an http or https URL");
      return new Web(null, kept);
    }
    return new Web(
        new WebSearchSettings(asked, base.replaceAll("/+$", ""), key, limit, pages), kept);
  }

  private List<String> places(String key, boolean hosts) {
    List<String> texts = section.texts(key);
    List<String> good = new ArrayList<>();
    for (String text : texts == null ? List.<String>of() : texts) {
      try {
        AddressGuard.of(hosts ? List.of(text) : List.of(), hosts ? List.of() : List.of(text));
        good.add(text);
      } catch (IllegalArgumentException e) {
        section.mistake(key, "has a mistake: " + e.getMessage());
      }
    }
    return good;
  }

  private Map<String, Registered> mcp() {
    Section servers = section.section("mcp");
    Map<String, Registered> read = new LinkedHashMap<>();
    for (String name : servers.names()) {
      if (!NAME.matcher(name).matches()) {
        servers.mistake(name, "must be 1 to 64 letters, digits, '_' or '-'");
      }
      Section server = servers.section(name);
      read.put(name, registered(server));
      server.done();
    }
    return read;
  }

  private static Registered registered(Section server) {
    String url = server.text("url");
    if (url == null || !isHttp(url)) {
      server.mistake("url", "must be an http or https URL");
      url = "http://localhost";
    }
    Map<String, String> headers = new LinkedHashMap<>(server.map("headers"));
    String token = variable(server, "token_env", server.text("token_env"));
    if (token != null) {
      headers.put("Authorization", "Bearer " + token);
    }
    List<String> tenants = server.texts("tenants");
    return new Registered(
        url,
        headers,
        tenants == null ? Set.of() : Set.copyOf(tenants),
        credentials(server),
        limits(server));
  }

  private static Map<String, String> credentials(Section server) {
    Map<String, String> credentials = new LinkedHashMap<>();
    server
        .map("credentials_env")
        .forEach((id, name) -> {
          String value = variable(server, "credentials_env", name);
          if (value != null) {
            credentials.put(id, value);
          }
        });
    return credentials;
  }

  private static @Nullable McpLimits limits(Section server) {
    Duration silence = server.seconds("call_seconds", McpLimits.USUAL.silence());
    return silence.equals(McpLimits.USUAL.silence()) ? null : McpLimits.USUAL.silent(silence);
  }

  private static @Nullable String variable(Section section, String key, @Nullable String name) {
    if (name == null) {
      return null;
    }
    String value = section.environment().getOrDefault(name, "").strip();
    if (value.isEmpty() || !value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      section.mistake(key, "names a variable that is not set, or no token: " + name);
      return null;
    }
    return value;
  }

  private static boolean isHttp(String url) {
    try {
      URI uri = URI.create(url);
      String scheme = String.valueOf(uri.getScheme());
      return uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
