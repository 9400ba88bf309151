package antiphon.knowledge.tool;

import antiphon.core.tool.Citation;
import antiphon.core.tool.CitationFilter;
import antiphon.core.vector.Searching.Found;
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

/**
 * The passages that a model has been shown, each under a mark to cite it by. What a passage is
 * stands in its head line, so that a run which goes on elsewhere knows it again from what the model
 * was told; no text of a file can look like such a line.
 */
final class Passages {

  private static final String HEAD = CitationFilter.OPEN + "f%d" + CitationFilter.CLOSE + " %s %s";

  private static final Pattern LINE =
      Pattern.compile(
          "^"
              + CitationFilter.OPEN
              + "(f[0-9]{1,6})"
              + CitationFilter.CLOSE
              + " (file[-_][A-Za-z0-9]+) (.*)$",
          Pattern.MULTILINE);

  private final Map<String, File> marks = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  /** What a mark stands for. */
  private record File(String id, String filename) {}

  /** Learns the passages again that the model was shown before. */
  void recall(List<Item> shown) {
    for (Item item : shown) {
      if (item instanceof FunctionCallOutput output
          && output.output() instanceof ToolOutput.Text text
          && text.text() != null) {
        Matcher line = LINE.matcher(text.text());
        while (line.find()) {
          marks.putIfAbsent(line.group(1), new File(line.group(2), line.group(3)));
          int number = Integer.parseInt(line.group(1).substring(1));
          last.accumulateAndGet(number, Math::max);
        }
      }
    }
  }

  /** Passages as the model is shown them. */
  String shown(List<Found> found) {
    if (found.isEmpty()) {
      return "Nothing was found.";
    }
    StringBuilder text =
        new StringBuilder(
            "Passages, the best first. Behind each sentence that rests on one write its mark, such"
                + " as "
                + CitationFilter.OPEN
                + "f1"
                + CitationFilter.CLOSE
                + ".\n");
    for (Found one : found) {
      int number = last.incrementAndGet();
      String filename = plain(one.file().filename()).replace('\n', ' ');
      marks.put("f" + number, new File(one.file().fileId(), one.file().filename()));
      text.append('\n').append(HEAD.formatted(number, one.file().fileId(), filename)).append('\n');
      if (!one.chunk().heading().isEmpty()) {
        text.append("(").append(plain(one.chunk().heading())).append(")\n");
      }
      if (one.chunk().page() != null) {
        text.append("(page ").append(one.chunk().page()).append(")\n");
      }
      text.append(plain(one.chunk().text())).append('\n');
    }
    return text.toString();
  }

  /** Nothing in a file can be taken for a mark. */
  private static String plain(String text) {
    return text.replace(CitationFilter.OPEN, '[').replace(CitationFilter.CLOSE, ']');
  }

  Optional<Citation> citation(String mark) {
    File file = marks.get(mark);
    return file == null
        ? Optional.empty()
        : Optional.of((start, end) -> {
          Map<String, tools.jackson.databind.JsonNode> fields = new HashMap<>();
          fields.put("file_id", Json.toTree(file.id));
          fields.put("filename", Json.toTree(file.filename));
          fields.put("index", Json.toTree(end));
          return new Annotation("file_citation", fields);
        });
  }
}
