package antiphon.tools.mcp;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What came of a call.
 *
 * @param failed whether the tool itself says that it has failed
 * @param text for the item: its texts, and a word for each picture
 * @param output for the model: the same, with the pictures
 */
record CallResult(boolean failed, String text, ToolOutput output) {

  private static final int MAX_IMAGES = 8;
  private static final int MAX_IMAGE = 6 << 20;

  /** Those that models look at. */
  private static final Set<String> PICTURES =
      Set.of("image/png", "image/jpeg", "image/webp", "image/gif");

  /**
   * Reads a result.
   *
   * @param longest of all texts, in characters
   */
  static CallResult of(JsonNode result, int longest) {
    List<String> texts = new ArrayList<>();
    List<ContentPart> images = new ArrayList<>();
    for (JsonNode part : result.path("content")) {
      add(part, texts, images);
    }
    JsonNode structured = result.path("structuredContent");
    if (texts.isEmpty() && structured.isObject()) {
      texts.add(Json.text(structured));
    }
    if (texts.isEmpty() && result.path("resultType").asString("").equals("input_required")) {
      return failure("The tool asks for more than this server can give it.");
    }
    String text = cut(String.join("\n", texts), longest);
    return new CallResult(result.path("isError").asBoolean(false), text, output(text, images));
  }

  /** A call that the tool was not asked, or did not answer. */
  static CallResult failure(String message) {
    return new CallResult(true, message, new ToolOutput.Text(message));
  }

  private static void add(JsonNode part, List<String> texts, List<ContentPart> images) {
    switch (part.path("type").asString("")) {
      case "text" -> texts.add(part.path("text").asString(""));
      case "image" ->
          picture(
              part.path("mimeType").asString(""), part.path("data").asString(""), texts, images);
      case "audio" -> texts.add(dropped("audio", part.path("mimeType").asString("")));
      case "resource_link" -> texts.add(link(part));
      case "resource" -> resource(part.path("resource"), texts, images);
      default -> texts.add(dropped("content", part.path("type").asString("")));
    }
  }

  private static void resource(JsonNode resource, List<String> texts, List<ContentPart> images) {
    String type = resource.path("mimeType").asString("");
    if (resource.path("text").isString()) {
      texts.add(resource.path("text").asString());
    } else if (resource.path("blob").isString() && type.startsWith("image/")) {
      picture(type, resource.path("blob").asString(), texts, images);
    } else {
      texts.add(dropped("resource", resource.path("uri").asString("") + " " + type));
    }
  }

  private static String link(JsonNode part) {
    String name = part.path("name").asString("");
    String about = part.path("description").asString("");
    return "[resource "
        + part.path("uri").asString("")
        + " "
        + name
        + (about.isEmpty() ? "" : ": " + about)
        + "]";
  }

  private static void picture(
      String mimeType, String data, List<String> texts, List<ContentPart> images) {
    String type = mimeType.toLowerCase(Locale.ROOT);
    boolean base64 = data.length() <= MAX_IMAGE && base64(data);
    if (images.size() >= MAX_IMAGES || !PICTURES.contains(type) || !base64) {
      texts.add(dropped("image", mimeType));
      return;
    }
    texts.add("[image " + type + "]");
    images.add(new InputImage(null, null, "data:" + type + ";base64," + data, Map.of()));
  }

  private static boolean base64(String data) {
    return !data.isEmpty()
        && data.chars()
            .allMatch(c ->
                (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '+'
                    || c == '/'
                    || c == '=');
  }

  private static String dropped(String what, String which) {
    String shown = which.length() > 200 ? which.substring(0, 200) : which;
    return "[" + what + " " + shown.strip() + " that cannot be shown]";
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end)
        + "\n[cut off: "
        + (text.length() - end)
        + " characters more than this server passes on]";
  }

  private static ToolOutput output(String text, List<ContentPart> images) {
    if (images.isEmpty()) {
      return new ToolOutput.Text(text);
    }
    List<ContentPart> parts = new ArrayList<>();
    parts.add(new InputText(text, Map.of()));
    parts.addAll(images);
    return new ToolOutput.Parts(parts);
  }
}
