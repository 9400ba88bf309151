package antiphon.tools.websearch;

import antiphon.core.tool.Citation;
import antiphon.core.tool.CitationFilter;
import antiphon.protocol.content.Annotation;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The pages that a model has been shown, each under a mark to cite it by. A page stands in a head
 * line, so that a run which goes on elsewhere knows it again from what the model was told; no text
 * of a page can look like such a line.
 */
final class Sources {

  private static final Pattern LINE =
      Pattern.compile(
          "^"
              + CitationFilter.OPEN
              + "(w[0-9]{1,6})"
              + CitationFilter.CLOSE
              + " ((?:https?|file)://\\S+)(?: (.*))?$",
          Pattern.MULTILINE);

  private final Map<String, Source> marks = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  private record Source(String url, String title) {}

  /** Learns the pages again that the model was shown before. */
  void recall(List<Item> shown) {
    for (Item item : shown) {
      if (item instanceof FunctionCallOutput output
          && output.output() instanceof ToolOutput.Text text
          && text.text() != null) {
        Matcher line = LINE.matcher(text.text());
        while (line.find()) {
          String title = line.group(3) == null ? "" : line.group(3);
          marks.putIfAbsent(line.group(1), new Source(line.group(2), title));
          last.accumulateAndGet(Integer.parseInt(line.group(1).substring(1)), Math::max);
        }
      }
    }
  }

  /** The head line of a page, with its mark. */
  String head(String url, String title) {
    String mark = "w" + last.incrementAndGet();
    String plain = plain(title).replaceAll("\\s+", " ").strip();
    // An address with a space in it is none.
    String address = url.replaceAll("\\s.*", "");
    marks.put(mark, new Source(address, plain));
    return CitationFilter.OPEN
        + mark
        + CitationFilter.CLOSE
        + " "
        + (address + " " + plain).strip();
  }

  /** Nothing in a page can be taken for a mark. */
  static String plain(String text) {
    return text.replace(CitationFilter.OPEN, '[').replace(CitationFilter.CLOSE, ']');
  }

  Optional<Citation> citation(String mark) {
    Source source = marks.get(mark);
    return source == null
        ? Optional.empty()
        : Optional.of((start, end) -> {
          Map<String, JsonNode> fields = new HashMap<>();
          fields.put("url", Json.toTree(source.url));
          fields.put("title", Json.toTree(source.title.isEmpty() ? source.url : source.title));
          fields.put("start_index", Json.toTree(start));
          fields.put("end_index", Json.toTree(end));
          return new Annotation("url_citation", fields);
        });
  }
}
