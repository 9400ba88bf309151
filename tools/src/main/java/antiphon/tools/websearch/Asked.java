package antiphon.tools.websearch;

import antiphon.protocol.tool.SearchContextSize;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.UserLocation;
import antiphon.protocol.tool.WebSearchPreviewTool;
import antiphon.protocol.tool.WebSearchTool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request wants of its searches.
 *
 * @param allowed domains that pages may be of; empty for all
 * @param location about where the user is
 * @param results how many pages a search gives
 * @param chars how many characters a call gives the model
 */
record Asked(List<String> allowed, @Nullable UserLocation location, int results, int chars) {

  private static final int MOST_DOMAINS = 100;

  /** The first mistake in a tool: its field below the tool, and what is wrong; null for none. */
  static @Nullable Mistake mistake(Tool tool) {
    JsonNode domains = domains(tool);
    if (domains == null || domains.isNull()) {
      return null;
    }
    if (!domains.isArray() || domains.size() > MOST_DOMAINS) {
      return new Mistake(
          "filters.allowed_domains", "must be a list of at most " + MOST_DOMAINS + " domains.");
    }
    for (int i = 0; i < domains.size(); i++) {
      if (!domains.get(i).isString() || Domains.read(domains.get(i).asString()) == null) {
        return new Mistake(
            "filters.allowed_domains[" + i + "]", "must be a domain, such as example.com.");
      }
    }
    return null;
  }

  /** A field, and what is wrong with it. */
  record Mistake(String field, String what) {}

  /** Reads a tool without a {@linkplain #mistake mistake}. */
  static Asked of(Tool tool) {
    List<String> allowed = new ArrayList<>();
    JsonNode domains = domains(tool);
    if (domains != null) {
      domains
          .values()
          .forEach(one -> {
            String domain = Domains.read(one.asString(""));
            if (domain != null) {
              allowed.add(domain);
            }
          });
    }
    SearchContextSize size =
        switch (tool) {
          case WebSearchTool search -> search.searchContextSize();
          case WebSearchPreviewTool preview -> preview.searchContextSize();
          default -> null;
        };
    UserLocation location =
        switch (tool) {
          case WebSearchTool search -> search.userLocation();
          case WebSearchPreviewTool preview -> preview.userLocation();
          default -> null;
        };
    if (SearchContextSize.LOW.equals(size)) {
      return new Asked(allowed, location, 5, 6_000);
    }
    if (SearchContextSize.HIGH.equals(size)) {
      return new Asked(allowed, location, 20, 60_000);
    }
    return new Asked(allowed, location, 10, 20_000);
  }

  private static @Nullable JsonNode domains(Tool tool) {
    JsonNode filters = tool instanceof WebSearchTool search ? search.filters() : null;
    return filters == null ? null : filters.get("allowed_domains");
  }
}
