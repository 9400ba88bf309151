package antiphon.core.prompt;

import antiphon.core.response.Rejected;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A text with places for variables, such as <code>{{name}}</code>. Other braces are text. What is
 * put in is never looked through for places.
 */
public final class PromptTemplate {

  /** How long a template may be, in characters. */
  public static final int LONGEST = 256 * 1024;

  /** How large it may become, in bytes of JSON, about. */
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  private static final Pattern PLACE =
      Pattern.compile("\\{\\{\\s{0,16}([A-Za-z_][A-Za-z0-9_]{0,63})\\s{0,16}}}");

  private final List<Segment> segments = new ArrayList<>();

  private sealed interface Segment {
    record Text(String text) implements Segment {}

    record Variable(String name) implements Segment {}
  }

  /** Reads one; every text is one. */
  public PromptTemplate(String template) {
    Matcher places = PLACE.matcher(template);
    int from = 0;
    while (places.find()) {
      segments.add(new Segment.Text(template.substring(from, places.start())));
      segments.add(new Segment.Variable(places.group(1)));
      from = places.end();
    }
    segments.add(new Segment.Text(template.substring(from)));
  }

  /** The names of its variables, in their order. */
  Set<String> variables() {
    Set<String> names = new LinkedHashSet<>();
    for (Segment segment : segments) {
      if (segment instanceof Segment.Variable(String name)) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * The template with its variables put in: one text, or texts and what is between them.
   *
   * @param values exactly those that it has
   * @param param where the values were given
   * @throws Rejected naming a variable that is missing, is not known, or cannot be put in
   */
  public List<ContentPart> render(Map<String, JsonNode> values, String param) {
    Set<String> known = variables();
    for (String name : known) {
      JsonNode value = values.get(name);
      if (value == null || value.isNull()) {
        throw Rejected.invalid(
            param + "." + name, "The prompt's variable '" + name + "' is missing.");
      }
    }
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw Rejected.invalid(
            param + "." + shown(name), "The prompt has no variable '" + shown(name) + "'.");
      }
    }
    Rendering rendering = new Rendering(param);
    for (Segment segment : segments) {
      switch (segment) {
        case Segment.Text(String text) -> rendering.text(text);
        case Segment.Variable(String name) ->
            rendering.value(name, Objects.requireNonNull(values.get(name)));
      }
    }
    return rendering.parts();
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(64, name.length()));
  }

  private static final class Rendering {
    private final List<ContentPart> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final String param;
    private long bytes;

    private Rendering(String param) {
      this.param = param;
    }

    private void text(String more) {
      take(more.length());
      text.append(more);
    }

    private void value(String name, JsonNode value) {
      if (value.isString() || value.isNumber() || value.isBoolean()) {
        text(value.asString());
        return;
      }
      switch (part(param + "." + name, value)) {
        case InputText plain -> text(plain.text());
        case ContentPart part -> {
          take(Json.bytes(value).length);
          flush();
          parts.add(part);
        }
      }
    }

    private static ContentPart part(String param, JsonNode value) {
      try {
        ContentPart part = Json.convert(value, ContentPart.class);
        return switch (part) {
          case InputText _, InputImage _, InputFile _ -> part;
          default -> throw unfit(param);
        };
      } catch (InvalidJson _) {
        throw unfit(param);
      }
    }

    private static Rejected unfit(String param) {
      return Rejected.invalid(
          param,
          "Invalid '"
              + param
              + "': must be a text, or an 'input_text', 'input_image' or"
              + " 'input_file'.");
    }

    private void take(long more) {
      bytes += more;
      if (bytes > MOST_BYTES) {
        throw Rejected.invalid(
            param, "The prompt with its variables has more than " + MOST_BYTES + " bytes.");
      }
    }

    private void flush() {
      if (!text.isEmpty()) {
        parts.add(new InputText(text.toString(), Map.of()));
        text.setLength(0);
      }
    }

    private List<ContentPart> parts() {
      flush();
      if (parts.isEmpty()) {
        parts.add(new InputText("", Map.of()));
      }
      return parts;
    }
  }
}
