package antiphon.core.memory;

import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What was asked in a response, and what was answered.
 *
 * @param input its own input items, a JSON array
 * @param snapshot the ended response, JSON
 */
public record Exchange(byte[] input, byte[] snapshot) {

  /** Of each side, in characters: the rest is not remembered. */
  private static final int MOST_CHARS = 20_000;

  /**
   * What is remembered of it: the user's words and the model's, each led by who said it.
   *
   * @return empty if nothing was said
   */
  public List<String> paragraphs() {
    List<String> paragraphs = new ArrayList<>();
    add(paragraphs, "User: ", asked(Json.tree(input)));
    add(paragraphs, "Assistant: ", said(Json.tree(snapshot).path("output"), "assistant"));
    return paragraphs;
  }

  /** What is behind the model's last words: a client may send the whole conversation each time. */
  private static String asked(JsonNode items) {
    StringBuilder asked = new StringBuilder();
    for (JsonNode item : items.values()) {
      if (isMessage(item, "assistant")) {
        asked.setLength(0);
      } else if (isMessage(item, "user")) {
        append(asked, item.path("content"));
      }
    }
    return asked.toString();
  }

  private static String said(JsonNode items, String role) {
    StringBuilder said = new StringBuilder();
    for (JsonNode item : items.values()) {
      if (isMessage(item, role)) {
        append(said, item.path("content"));
      }
    }
    return said.toString();
  }

  private static boolean isMessage(JsonNode item, String role) {
    return item.path("type").asString("message").equals("message")
        && item.path("role").asString("").equals(role);
  }

  private static void append(StringBuilder text, JsonNode content) {
    if (content.isString()) {
      append(text, content.asString());
    }
    for (JsonNode part : content.values()) {
      append(text, part.path("text").asString(""));
    }
  }

  private static void append(StringBuilder text, String more) {
    int room = MOST_CHARS - text.length();
    if (more.isBlank() || room <= 1) {
      return;
    }
    text.append(text.isEmpty() ? "" : "\n").append(more, 0, Math.min(room - 1, more.length()));
  }

  private static void add(List<String> paragraphs, String who, String text) {
    if (!text.isBlank()) {
      paragraphs.add(who + text.strip());
    }
  }
}
