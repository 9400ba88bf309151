package antiphon.tools.websearch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked for pages.
 *
 * @param provider which API it has
 * @param url its base
 * @param key what it knows us by; null for none
 * @param limit how long a search, or a page, may take
 * @param pages whether the model may open pages
 */
public record WebSearchSettings(
    Provider provider, String url, @Nullable String key, Duration limit, boolean pages) {

  /** The APIs that are spoken. */
  public enum Provider {
    /** A SearXNG server whose settings allow the format {@code json}. */
    SEARXNG(null),
    BRAVE("https://api.search.brave.com/res/v1"),
    TAVILY("https://api.tavily.com");

    private final @Nullable String usual;

    Provider(@Nullable String usual) {
      this.usual = usual;
    }

    /** Where it is found if nothing else is said; null if it has to be said. */
    public @Nullable String usualUrl() {
      return usual;
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "WebSearchSettings[provider=" + provider + "]";
  }
}
