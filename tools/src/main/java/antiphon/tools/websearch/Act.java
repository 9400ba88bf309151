package antiphon.tools.websearch;

import antiphon.protocol.item.WebSearchAction;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a call asks for. */
sealed interface Act {

  /** The functions that the model is offered. */
  String SEARCH = "web_search";

  String OPEN = "web_open_page";
  String FIND = "web_find_in_page";

  /** Pages for these words. */
  record Search(String query) implements Act {}

  /** This page. */
  record Open(String url) implements Act {}

  /** The places of a page where this text stands. */
  record Find(String url, String pattern) implements Act {}

  /** How it shows. */
  default WebSearchAction action(Map<String, JsonNode> more) {
    return switch (this) {
      case Search(String query) -> new WebSearchAction("search", query, null, null, more);
      case Open(String url) -> new WebSearchAction("open_page", null, url, null, more);
      // In MKA1's word: its client takes no other.
      case Find(String url, String pattern) ->
          new WebSearchAction("find", null, url, pattern, more);
    };
  }

  /**
   * Reads a call.
   *
   * @param arguments as the model wrote them; what is missing is empty
   */
  static Act of(String function, String arguments) {
    JsonNode json;
    try {
      json = Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidJson _) {
      json = Json.toTree(Map.of());
    }
    String url = text(json, "url");
    return switch (function) {
      case OPEN -> new Open(url);
      case FIND -> new Find(url, text(json, "pattern"));
      default -> new Search(text(json, "query"));
    };
  }

  private static String text(JsonNode json, String field) {
    String text = json.path(field).asString("").strip();
    return text.length() > 2048 ? text.substring(0, 2048) : text;
  }
}
